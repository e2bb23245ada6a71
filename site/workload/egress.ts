import { centreNamespaces } from "../platform/config-centre-place";
import { logWaysOut } from "../platform/logging-place";
import { namespaceInMesh } from "../platform/mesh-members";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { WayOut } from "../schema/workload-network";
import type { ServiceEntryBlueprint } from "./network-types";
import { isListed, wayProtocol, waysOut } from "./ways-out";

/** What the mesh's proxies let out of a namespace whose ways out are listed. */

/** Whether a proxy beside each Pod can hold connections to names; on nodes there is none that could. */
export function holdsToNames(site: Site, release: Release, namespace: string): boolean {
  return site.mesh?.mode === "sidecar" && namespaceInMesh(site, release, namespace);
}

/** What proxies let through: what the list says, and what exceptions of the site's tenancy open. */
export function wayEntries(
  site: Site,
  release: Release,
  namespace: string,
): readonly ServiceEntryBlueprint[] {
  if (!holdsToNames(site, release, namespace) || !isListed(site, release, namespace)) return [];
  return [
    ...waysOut(site, release, namespace),
    ...exceptionsOut(site, namespace),
    ...centreOut(site, release, namespace),
    ...logWaysOut(site, release, namespace),
  ]
    .map((way) => wayEntry(way, namespace))
    .filter(({ ports }) => ports.length > 0);
}

/** Networks outside that the site's tenancy lets a namespace of the product reach, as ways out. */
function exceptionsOut({ tenancy }: Site, namespace: string): readonly WayOut[] {
  const stated = tenancy?.product.namespaces;
  const allow =
    stated !== undefined && Object.hasOwn(stated, namespace) ? stated[namespace]?.allow : [];
  return (allow ?? []).flatMap(({ to, ports = [] }) =>
    to?.cidr === undefined || ports.length === 0
      ? []
      : [{ cidr: to.cidr, ports: ports.map((port) => ({ port, protocol: "tcp" as const })) }],
  );
}

/** The customer's own config centre; ours is in the cluster, which proxies know. */
function centreOut({ configCentre }: Site, release: Release, namespace: string): readonly WayOut[] {
  if (configCentre?.kind !== "external") return [];
  if (!centreNamespaces(release).includes(namespace)) return [];
  const { address, port } = configCentre;
  return [{ cidr: `${address}/32`, ports: [{ port, protocol: "tcp" }] }];
}

function wayEntry({ cidr, domain, ports }: WayOut, namespace: string): ServiceEntryBlueprint {
  const known = ports
    .map((port) => ({ port: port.port, protocol: wayProtocol(port) }))
    // Proxies pass on TCP alone and leave the rest to the network.
    .filter(({ protocol }) => protocol !== "udp")
    // Whoever comes with an address gives no name that requests could be told apart by.
    .map(
      ({ port, protocol }) => ({ port, protocol: cidr === undefined ? protocol : "tcp" }) as const,
    )
    .map((port) => ({ ...port, name: `${port.protocol}-${port.port}` }));
  const name = entryName(cidr ?? domain ?? "", known);
  const common = { name, namespace, ports: known, exportTo: ["."] };
  return cidr === undefined
    ? {
        ...common,
        hosts: [domain ?? ""],
        addresses: [],
        resolution: domain?.startsWith("*.") ? "NONE" : "DNS",
      }
    : {
        ...common,
        hosts: [`${name}.${namespace}.external`],
        addresses: [cidr],
        resolution: "NONE",
      };
}

/** `egress-any-example-com-443`: a network or name may stand in more than one list, each with ports of its own. */
function entryName(where: string, ports: readonly { readonly port: number }[]): string {
  const plain = where.replace("*.", "any.").replaceAll(/[^a-z0-9]+/g, "-");
  return ["egress", plain, ...ports.map(({ port }) => port)].join("-").slice(0, 200);
}
