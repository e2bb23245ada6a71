import { makeBlueprint } from "../../site/blueprint";
import type { Blueprint } from "../../site/blueprint-types";
import { crossChecks } from "../../site/cross-checks/all";
import { formatPath } from "../../site/path";
import type { Release } from "../../site/schema/release";
import { catalogue, resolve, smallSite } from "./sites";

/** The small site with room for a platform, free to be changed before it is read. */
// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
export function roomySite(): any {
  const site = smallSite();
  for (const host of site.hosts) Object.assign(host, { cpus: 16, memoryGiB: 64 });
  return site;
}

/** Two hosts at the edge of a site. */
export function withEdge(site: ReturnType<typeof roomySite>, edge: object = {}) {
  for (const number of [1, 2]) {
    site.hosts.push({
      name: `edge-${number}`,
      address: `192.0.2.4${number}`,
      roles: ["edge"],
      cpus: 4,
      memoryGiB: 8,
      diskGiB: 60,
    });
  }
  site.edge = { mode: "keepalived", address: "192.0.2.40", ...edge };
}

// biome-ignore lint/suspicious/noExplicitAny: tests change a release in ways that no type allows
type AnyRelease = any;

/** Blueprint of a site with a release of its own. */
export function blueprintWith(
  site: unknown,
  change: (release: AnyRelease) => void = () => {},
): Blueprint {
  const loaded = resolve(site);
  const release: Release = structuredClone(loaded.release);
  change(release);
  return makeBlueprint({ name: "site-t", site: loaded.site, release, catalogue });
}

/** Problems of a site with a release of its own, each as `document path: needs`. */
export function problemsWith(
  site: unknown,
  change: (release: AnyRelease) => void = () => {},
): readonly string[] {
  const loaded = resolve(site);
  const release: Release = structuredClone(loaded.release);
  change(release);
  const hosts = loaded.site.hosts.map((host, at) => ({ host, path: ["hosts", at] }));
  const input = { name: "site-t", site: loaded.site, hosts, release, catalogue };
  return crossChecks
    .flatMap((check) => check.find(input))
    .map(({ document, path, needed }) => `${document} ${formatPath(path)}: ${needed}`);
}

/** A workload of a blueprint by its name. */
export function workloadOf(blueprint: Blueprint, name: string) {
  const found = blueprint.workloads.find((workload) => workload.name === name);
  if (found === undefined) throw new Error(`no workload ${name}`);
  return found;
}
