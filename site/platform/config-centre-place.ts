import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import { serviceHost } from "./routes";
import { nothing } from "./tenancy-network";
import type { TrafficRule } from "./tenancy-types";

/** Where the site's config centre answers. */

/** Namespace of our own Consul, and of its objects the beginning of their names. */
export const consulNamespace = "consul";

/** Port of its HTTP API. */
export const consulPort = 8500;

/** Variable with the token, also its key in Secrets; never the name of a secret of a release, which is in lower case. */
export const tokenVariable = "CONFIG_CENTRE_TOKEN";

/** Variables that workloads with entries get. */
export const centreVariables = [
  "CONFIG_CENTRE_ADDRESS",
  "CONFIG_CENTRE_CA",
  "CONFIG_CENTRE_PREFIX",
  tokenVariable,
] as const;

/** Address of its HTTP API, as Pods reach it; undefined where the site has none. */
export function centreAddress({
  configCentre,
  cluster,
}: Pick<Site, "configCentre" | "cluster">): string | undefined {
  if (configCentre === undefined) return undefined;
  if (configCentre.kind === "consul") {
    const host = serviceHost({ cluster }, "consul-server", consulNamespace);
    return `http://${host}:${consulPort}`;
  }
  const { address, port, tls } = configCentre;
  return `${tls === undefined ? "http" : "https"}://${address}:${port}`;
}

/** Namespaces of the release whose workloads keep entries, by name. */
export function centreNamespaces({ workloads }: Pick<Release, "workloads">): readonly string[] {
  const users = Object.values(workloads).filter(({ centre }) => centre !== undefined);
  return [...new Set(users.map(({ namespace }) => namespace))].sort();
}

/** Lets Pods of a namespace reach the config centre; empty where none of its workloads keeps entries. */
export function centreEgress(
  { configCentre }: Pick<Site, "configCentre">,
  release: Pick<Release, "workloads">,
  namespace: string,
): readonly TrafficRule[] {
  if (configCentre === undefined || !centreNamespaces(release).includes(namespace)) return [];
  return configCentre.kind === "consul"
    ? [
        {
          ...nothing,
          namespaces: [consulNamespace],
          ports: [{ port: consulPort, protocol: "TCP" }],
        },
      ]
    : [
        {
          ...nothing,
          cidrs: [`${configCentre.address}/32`],
          ports: [{ port: configCentre.port, protocol: "TCP" }],
        },
      ];
}
