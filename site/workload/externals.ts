import { ownValue } from "../path";
import { namespaceInMesh } from "../platform/mesh-members";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ExternalPlace } from "../schema/workload-network";
import type { ExternalBlueprint, ServiceEntryBlueprint } from "./network-types";
import { portProtocol } from "./ports";

/** Services outside the cluster that workloads call by a name within it. */

type External = Release["externals"][string];

/** Where an external service stands: what the site states, else the release. */
export function placeOf(site: Pick<Site, "externals">, name: string, external: External) {
  const own = ownValue(site.externals, name);
  return own ?? external.at;
}

/** Namespaces whose Pods call an external service. */
export function usersOf({
  namespace,
  usedBy,
}: Pick<External, "namespace" | "usedBy">): readonly string[] {
  return [...new Set([namespace, ...usedBy])];
}

/** External services of one namespace; what nobody states a place of is left out. */
export function siteExternals(
  site: Site,
  release: Release,
  namespace: string,
): readonly ExternalBlueprint[] {
  return Object.entries(release.externals)
    .filter(([, external]) => external.namespace === namespace)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, external]) => {
      const at = shownPlace(placeOf(site, name, external));
      if (at === undefined) return [];
      const ports = external.ports.map((port) => ({
        name: port.name,
        port: port.port,
        protocol: portProtocol(port),
      }));
      return [{ name, namespace, ports, at }];
    });
}

/**
 * What proxies know of a namespace's external services. A Service of given addresses is known to them as it is; its entry
 * is for clients that were told the addresses themselves. Of a name they know nothing without.
 */
export function externalEntries(
  site: Site,
  release: Release,
  externals: readonly ExternalBlueprint[],
): readonly ServiceEntryBlueprint[] {
  return externals
    .map((external) => ({ ...external, usedBy: release.externals[external.name]?.usedBy ?? [] }))
    .filter((external) =>
      usersOf(external).some((namespace) => namespaceInMesh(site, release, namespace)),
    )
    .map(({ name, namespace, usedBy, ports, at }) => {
      const others = usedBy.filter((other) => other !== namespace);
      const own = ports.filter(({ protocol }) => protocol !== "udp");
      const common = { name, namespace, exportTo: [".", ...others] };
      return "domain" in at
        ? { ...common, hosts: [at.domain], addresses: [], resolution: "DNS" as const, ports: own }
        : {
            ...common,
            hosts: [`${name}.${namespace}.external`],
            addresses: at.addresses,
            resolution: "NONE" as const,
            // Whoever comes with an address gives no name that requests could be told apart by.
            ports: own.map((port) => ({ ...port, protocol: "tcp" as const })),
          };
    })
    .filter(({ ports }) => ports.length > 0);
}

/** Networks of an external service, as policies open them. */
export function networksOf({ addresses, networks }: ExternalPlace): readonly string[] {
  return addresses?.map((address) => `${address}/32`) ?? networks ?? [];
}

function shownPlace(place: ExternalPlace | undefined): ExternalBlueprint["at"] | undefined {
  if (place?.addresses !== undefined) return { addresses: place.addresses };
  return place?.domain === undefined ? undefined : { domain: place.domain };
}
