import type {
  ExternalBlueprint,
  NamespaceNetwork,
  ServiceEntryBlueprint,
} from "../../site/workload/network-types";
import type { KubernetesObject } from "../support/kubernetes-object";
import { ownLabels } from "../support/own-labels";
import { networkPolicy } from "../tenancy/resources";
import { spoken } from "./ports";

/** What stands in a namespace for the world outside the cluster, as plain data. */

interface NetworkObject {
  /** What it is to the namespace: ends the resource's name. */
  readonly noun: string;
  readonly object: KubernetesObject;
}

/** All of it, each object with the name of its resource. */
export function networkObjects(
  namespace: string,
  { externals, serviceEntries, policy }: NamespaceNetwork,
): readonly NetworkObject[] {
  return [
    ...externals.flatMap((external): readonly NetworkObject[] => [
      { noun: `${external.name}-service`, object: externalService(external) },
      ...externalEndpoints(external).map((object) => ({
        noun: `${external.name}-endpoints`,
        object,
      })),
    ]),
    ...serviceEntries.map((entry) => ({
      noun: `${entry.name}-service-entry`,
      object: serviceEntry(entry),
    })),
    ...(policy === undefined
      ? []
      : [
          {
            noun: `${policy.name}-policy`,
            object: {
              apiVersion: "networking.k8s.io/v1",
              kind: "NetworkPolicy",
              ...networkPolicy(namespace, policy),
            },
          },
        ]),
  ];
}

/** Its name within the cluster. Nothing selects Pods: what it leads to is stated beside it. */
export function externalService({ name, namespace, ports, at }: ExternalBlueprint) {
  const own = ports.map(({ name, port, protocol }) => ({ name, port, ...spoken(protocol) }));
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels: ownLabels },
    spec:
      "domain" in at
        ? { type: "ExternalName", externalName: at.domain, ports: own }
        : { type: "ClusterIP", ports: own.map((port) => ({ ...port, targetPort: port.port })) },
  };
}

/** Where connections to its name end; none for one that another name leads to. */
export function externalEndpoints({ name, namespace, ports, at }: ExternalBlueprint) {
  if ("domain" in at) return [];
  return [
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: `${name}-outside`,
        namespace,
        labels: {
          "kubernetes.io/service-name": name,
          "endpointslice.kubernetes.io/managed-by": "sitewright",
        },
      },
      addressType: "IPv4",
      ports: ports.map(({ name, port, protocol }) => ({ name, port, ...spoken(protocol) })),
      endpoints: at.addresses.map((address) => ({
        addresses: [address],
        conditions: { ready: true },
      })),
    },
  ];
}

/** What the mesh's proxies know of something outside. */
export function serviceEntry(entry: ServiceEntryBlueprint) {
  const { name, namespace, hosts, addresses, resolution, exportTo, ports } = entry;
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: { name, namespace, labels: ownLabels },
    spec: {
      hosts: [...hosts],
      ...(addresses.length > 0 && { addresses: [...addresses] }),
      location: "MESH_EXTERNAL",
      resolution,
      exportTo: [...exportTo],
      ports: ports.map(({ name, port, protocol }) => ({
        name,
        number: port,
        protocol: protocol.toUpperCase(),
      })),
    },
  };
}
