/** Labels of every object that comes from here, so that nobody takes it for one of their own. */
export const ownLabels = { "app.kubernetes.io/managed-by": "sitewright" };
