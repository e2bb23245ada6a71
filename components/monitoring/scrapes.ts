import type { ScrapeBlueprint } from "../../site/platform/monitoring-target-types";
import { keys, scrapeSecret } from "./credentials";

/** What Prometheus reads from machines outside the cluster. */
export function scrapeConfig(namespace: string, scrape: ScrapeBlueprint) {
  const { name, job, path, intervalSeconds, login, tls, targets } = scrape;
  const secret = scrapeSecret(name);
  return {
    apiVersion: "monitoring.coreos.com/v1alpha1",
    kind: "ScrapeConfig",
    metadata: { name, namespace },
    spec: {
      jobName: job,
      metricsPath: path,
      scheme: tls === undefined ? "HTTP" : "HTTPS",
      ...(intervalSeconds !== undefined && { scrapeInterval: `${intervalSeconds}s` }),
      ...(login !== undefined && {
        basicAuth: {
          username: { name: secret, key: keys.user },
          password: { name: secret, key: keys.password },
        },
      }),
      ...(tls !== undefined && {
        tlsConfig: {
          ...(tls.ca !== undefined && { ca: { secret: { name: secret, key: keys.ca } } }),
          ...(tls.serverName !== undefined && { serverName: tls.serverName }),
        },
      }),
      staticConfigs: targets.map(({ address, labels }) => ({
        targets: [address],
        labels: { ...labels },
      })),
      // The operator would name it after this object.
      relabelings: [{ action: "Replace", targetLabel: "job", replacement: job }],
    },
  };
}
