import type * as pulumi from "@pulumi/pulumi";
import type { NightingaleBlueprint } from "../../site/platform/nightingale-types";
import { keepApart } from "../support/keep-apart";
import { lockedContainer, restrictedPod } from "../support/pod-security";
import { selectorLabels } from "../workload/labels";
import { probes } from "./pods";
import { authorities, authoritiesFolder, workFolder, workMiB } from "./server-config";

/** Nightingale's own objects, as plain data. */

export const configSecret = "nightingale-config";
export const authoritiesMap = "nightingale-authorities";

/** A user that owns nothing on the node. */
const user = 65_534;

type Parts = Pick<NightingaleBlueprint, "namespace" | "server" | "database" | "redis" | "timezone">;

const metadataOf = ({ namespace, server: { name } }: Parts) => ({
  name,
  namespace,
  labels: selectorLabels({ name }),
});

/** Its Pods. `digest` is of the configuration, which is read at the start alone. */
export function serverDeployment(parts: Parts, digest: pulumi.Input<string>) {
  const { server, timezone } = parts;
  const { name, replicas, ownHosts, port } = server;
  const metadata = metadataOf(parts);
  return {
    metadata,
    spec: {
      replicas,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: metadata.labels },
      template: {
        metadata: { labels: metadata.labels, annotations: { "sitewright/configuration": digest } },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 40,
          nodeSelector: { ...server.nodeSelector },
          affinity: keepApart(metadata.labels, ownHosts ? "required" : "preferred"),
          securityContext: restrictedPod(user),
          containers: [
            {
              name,
              image: server.image,
              command: ["/app/n9e"],
              args: ["--configs", "/app/etc"],
              workingDir: "/app",
              env: [
                { name: "TZ", value: timezone },
                // Besides those that the image brings.
                { name: "SSL_CERT_DIR", value: `/etc/ssl/certs:${authoritiesFolder}` },
              ],
              ports: [{ name: "http", containerPort: port }],
              resources: server.resources,
              ...probes({ httpGet: { path: "/ping", port: "http" } }),
              securityContext: lockedContainer,
              volumeMounts: [
                {
                  name: "config",
                  mountPath: "/app/etc/config.toml",
                  subPath: "config.toml",
                  readOnly: true,
                },
                { name: "work", mountPath: workFolder },
                { name: "work", mountPath: "/tmp", subPath: "tmp" },
                ...(hasAuthorities(parts)
                  ? [{ name: "authorities", mountPath: authoritiesFolder, readOnly: true }]
                  : []),
              ],
            },
          ],
          volumes: [
            { name: "config", secret: { secretName: configSecret } },
            { name: "work", emptyDir: { sizeLimit: `${workMiB}Mi` } },
            ...(hasAuthorities(parts)
              ? [{ name: "authorities", configMap: { name: authoritiesMap } }]
              : []),
          ],
        },
      },
    },
  };
}

export function hasAuthorities(parts: Pick<Parts, "database" | "redis">): boolean {
  return Object.keys(authorities(parts)).length > 0;
}

export function serverService(parts: Parts) {
  const metadata = metadataOf(parts);
  const { port } = parts.server;
  return {
    metadata,
    spec: { selector: metadata.labels, ports: [{ name: "http", port, targetPort: "http" }] },
  };
}

/** Undefined for a single Pod: a budget would only keep its node from ever being drained. */
export function serverBudget(parts: Parts) {
  if (parts.server.replicas < 2) return undefined;
  const metadata = metadataOf(parts);
  return { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: metadata.labels } } };
}
