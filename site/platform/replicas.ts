import type { Site, SiteHost } from "../schema/site";

/** Hosts that ordinary Pods run on. */
export function workers(hosts: readonly SiteHost[]): readonly SiteHost[] {
  return hosts.filter(({ roles }) => roles.includes("worker"));
}

/** Pods of a part that must outlive one worker: two, but one where a second would share its host. */
export function spreadReplicas({ hosts }: Pick<Site, "hosts">): number {
  return workers(hosts).length > 1 ? 2 : 1;
}
