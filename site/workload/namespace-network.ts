import { listPolicy } from "../platform/product-network";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import { wayEntries } from "./egress";
import { externalEntries, siteExternals } from "./externals";
import type { NamespaceNetwork } from "./network-types";

/** What a namespace has to do with the world outside the cluster; undefined where that is nothing. */
export function namespaceNetwork(
  site: Site,
  release: Release,
  namespace: string,
): NamespaceNetwork | undefined {
  const externals = siteExternals(site, release, namespace);
  const serviceEntries = [
    ...externalEntries(site, release, externals),
    ...wayEntries(site, release, namespace),
  ];
  const policy = listPolicy(site, release, namespace);
  if (externals.length + serviceEntries.length === 0 && policy === undefined) return undefined;
  return { externals, serviceEntries, ...(policy !== undefined && { policy }) };
}
