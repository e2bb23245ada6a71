import { ownValue } from "../path";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { PortProtocol, WayOut } from "../schema/workload-network";

/** Lists of ways out of the cluster, by namespaces of the product. */

/** The list of a namespace: the release's, then the site's. */
export function waysOut(site: Site, release: Release, namespace: string): readonly WayOut[] {
  const own = ownValue(site.egress, namespace);
  return [...(release.namespaces[namespace]?.egress ?? []), ...(own ?? [])];
}

/** Whether a namespace's Pods get out by its list only. */
export function isListed(site: Site, release: Release, namespace: string): boolean {
  return waysOut(site, release, namespace).length > 0;
}

/** What is spoken on a port of a way out. */
export function wayProtocol({ port, protocol }: WayOut["ports"][number]): PortProtocol {
  if (protocol !== undefined) return protocol;
  return port === 443 ? "https" : port === 80 ? "http" : "tcp";
}
