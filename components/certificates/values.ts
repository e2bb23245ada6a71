import type { CertificatesBlueprint } from "../../site/platform/certificates-types";
import { keepApart } from "../support/keep-apart";

/** Values of the chart cert-manager. */
export function certManagerValues(certificates: CertificatesBlueprint) {
  const { replicas, resources, monitored } = certificates;
  const component = (name: keyof typeof resources) => ({
    replicaCount: replicas,
    resources: resources[name],
    podDisruptionBudget: { enabled: replicas > 1 },
    affinity: keepApart({
      "app.kubernetes.io/instance": "cert-manager",
      "app.kubernetes.io/component": name,
    }),
  });
  return {
    // Definitions come first and on their own; the check is a Helm hook, which nothing here would run.
    crds: { enabled: false },
    startupapicheck: { enabled: false },
    ...component("controller"),
    webhook: component("webhook"),
    cainjector: component("cainjector"),
    global: { priorityClassName: "system-cluster-critical" },
    // Dates of expiry are figures of the controller: certmanager_certificate_expiration_timestamp_seconds.
    prometheus: { enabled: true, servicemonitor: { enabled: monitored } },
  };
}
