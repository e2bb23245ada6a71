import type { Operator } from "./operator";
import { giveAuthority, isWebhooks, runs, webhookCollections } from "./webhooks";
import { makeCertificate } from "./x509";

const namespace = "istio-system";

/** What selects the webhooks of istiod, among everybody's. */
const apps: readonly (string | undefined)[] = ["sidecar-injector", "istiod"];

let authority: string | undefined;

/** istiod: it puts its own authority into the webhooks of its revision once it runs. */
export const istio: Operator = {
  name: "istio",
  watches: webhookCollections,
  look: async (found, api) => {
    const { labels = {} } = found.object.metadata;
    const revision = labels["istio.io/rev"];
    if (!isWebhooks(found.object) || revision === undefined || !apps.includes(labels.app)) return;
    const deployment = revision === "default" ? "istiod" : `istiod-${revision}`;
    if (!(await runs(namespace, deployment, api))) return;
    authority ??= makeCertificate({
      commonName: "",
      dnsNames: [],
      authority: true,
      days: 3650,
    }).certificate;
    await giveAuthority(found, authority, api);
  },
};
