import type { NotificationBlueprint } from "../../site/alerting/notification-types";
import { ownPrefix } from "../../site/nodes";
import { RunError } from "../../site/run-error";
import { stackSecret } from "../support/stack-secret";
import { type AlertmanagerFolders, alertmanagerConfig } from "./alertmanager-config";
import { type SecretFile, secretFiles } from "./alertmanager-secrets";
import { messageTemplateFile } from "./message-templates";

/** What Alertmanager is configured by: two Secrets, of which the first holds no secret. */

/** Configuration and templates, which the operator puts into one folder. */
export const configSecret = "alertmanager-config";

/** Passwords, tokens and authorities, which the configuration names by their files. */
export const filesSecret = "alertmanager-files";

/** Where the operator puts both in Alertmanager's Pods. */
const folders: AlertmanagerFolders = {
  templates: "/etc/alertmanager/config",
  secrets: `/etc/alertmanager/secrets/${filesSecret}`,
};

/** Keys of the first Secret with their texts. */
export function configFiles(notification: NotificationBlueprint): Record<string, string> {
  return {
    "alertmanager.yaml": alertmanagerConfig(notification, folders),
    "sitewright.tmpl": messageTemplateFile(notification),
  };
}

/**
 * Keys of the second Secret with their texts.
 * @throws RunError when the stack has no value for one, or a value that can be no address
 */
export function fileValues(
  notification: NotificationBlueprint,
  secrets: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    secretFiles(notification).map((file) => [
      file.file,
      "content" in file ? file.content : given(file, secrets[file.secret]),
    ]),
  );
}

/** Values of the chart kube-prometheus-stack that make Alertmanager read them. */
export const notificationValues = {
  // Figures of deliveries by receiver: `./sitewright alerts test` goes by them.
  enableFeatures: ["receiver-name-in-metrics"],
  alertmanagerSpec: {
    useExistingSecret: true,
    configSecret,
    secrets: [filesSecret],
    // Without a selector the operator would take in what others write, too. No object has this label.
    alertmanagerConfigSelector: { matchLabels: { [`${ownPrefix}alertmanager`]: "none" } },
  },
};

function given(
  { secret, holds }: Extract<SecretFile, { readonly secret: string }>,
  stated: string | undefined,
): string {
  const value = stackSecret("alerts need the secret", secret, stated);
  // The value itself stays out of the message.
  if (holds === "address" && !/^https?:\/\/[!-z|~]+$/.test(value)) {
    const needed = "an address such as https://alerts.example.com/hook in one line";
    throw new RunError(`alerts need ${needed} as the secret ${secret}; it is something else`, {
      nextStep: `set one under sitewright:secrets.${secret}`,
    });
  }
  return value;
}
