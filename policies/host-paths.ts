import { posix } from "node:path";
import { z } from "zod";
import type { Blueprint } from "../site/blueprint-types";
import { pathsEntry, platformAccess } from "./support/node-access";
import { fields, groupKind, items, type KubernetesObject, wordOf } from "./support/objects";
import { makerOf } from "./support/pod-makers";
import { containersOf, type PodTemplate, podTemplate } from "./support/pods";
import { productWorkload } from "./support/product-workloads";
import { type Finding, subjectRule } from "./support/rule";

type Use = "read" | "write";

export const hostPaths = subjectRule({
  name: "host-paths",
  description:
    "Only Pods that are known for it see folders of their nodes, just those, and write only where they must.",
  why: "A folder of the node outlives the Pod, is another one on the next node, and is how a Pod takes over its node.",
  severity: "critical",
  remedy:
    "use a claim, a ConfigMap or an emptyDir; a workload of the release that needs the node's own folder states it under `volumes`",
  settings: z.strictObject({
    also: z
      .array(pathsEntry)
      .default([])
      .describe(
        "Pods that may see further folders at this site, by the name of what makes them. The platform's own are known.",
      ),
  }),
  *judge({ object }, { blueprint, settings: { also } }) {
    if (object === undefined) return;
    if (groupKind(object) === "PersistentVolume") yield* inVolume(object);
    const template = podTemplate(object);
    if (template === undefined) return;
    let allowed: ReadonlyMap<string, Use> | undefined;
    for (const [number, volume] of items(template.spec.volumes).entries()) {
      const { name, hostPath } = fields(volume);
      if (hostPath === undefined || hostPath === null) continue;
      allowed ??= allowedPaths(object, blueprint, also);
      const path = tidy(fields(hostPath).path);
      const use = allowed.get(path);
      const start = template.path === "" ? "spec" : `${template.path}.spec`;
      if (use === undefined) {
        const needed = allowed.size === 0 ? "no folder of the node" : oneOf([...allowed.keys()]);
        yield { path: `${start}.volumes[${number}].hostPath.path`, needed, given: path };
      }
      if (use === "read") yield* writers(template, name, path);
    }
  },
});

/** Mounts of a volume that could write where reading is enough. */
function* writers(template: PodTemplate, volume: unknown, path: string): Iterable<Finding> {
  for (const { path: at, container } of containersOf(template)) {
    for (const [number, mount] of items(fields(container).volumeMounts).entries()) {
      const { name, readOnly } = fields(mount);
      if (name !== volume || readOnly === true) continue;
      yield {
        path: `${at}.volumeMounts[${number}].readOnly`,
        needed: `true, since the node's ${path} is only read`,
        given: readOnly === undefined ? "nothing" : wordOf(readOnly),
        next: "mount it with readOnly: true",
      };
    }
  }
}

/** Folders by which whoever has them has the node; disks of their own are below none of them. */
const ofSystem =
  /^\/(?:var|var\/lib)?$|^\/(?:(?:bin|boot|etc|home|lib\w*|proc|root|run|sbin|sys|usr)|var\/(?:run|log|lib\/(?:containerd|docker|etcd|kubelet)))(?:\/|$)/;

function* inVolume({ spec }: KubernetesObject): Iterable<Finding> {
  const { hostPath, local } = fields(spec);
  const own = fields(local).path === undefined ? "" : tidy(fields(local).path);
  if (ofSystem.test(own)) {
    const needed = "a folder or disk that is there for this volume alone";
    yield { path: "spec.local.path", needed, given: own };
  }
  if (hostPath === undefined || hostPath === null) return;
  yield {
    path: "spec.hostPath",
    needed: "a volume that is the same on every node, or `local` with the node's name",
    given: tidy(fields(hostPath).path),
  };
}

/** Paths that an object's Pods may use: what the site, the release or the platform says of just these. */
function allowedPaths(
  object: KubernetesObject,
  blueprint: Blueprint,
  also: readonly z.output<typeof pathsEntry>[],
): ReadonlyMap<string, Use> {
  const pods = makerOf(object);
  const volumes = productWorkload(object, blueprint)?.volumes ?? [];
  const stated: readonly (readonly [string, Use])[] = [
    ...Object.entries(platformAccess(blueprint).get(pods)?.paths ?? {}),
    ...volumes.flatMap(({ source, readOnly }) =>
      source.kind === "hostPath" ? [[source.path, readOnly ? "read" : "write"] as const] : [],
    ),
    ...also.filter((entry) => entry.pods === pods).flatMap((entry) => Object.entries(entry.paths)),
  ];
  // Of one folder that is stated twice, the wider use counts.
  const inOrder = stated.toSorted(([, one], [, other]) => one.localeCompare(other));
  return new Map(inOrder.map(([path, use]) => [tidy(path), use]));
}

/** One path, one text: `/var/log/../lib/` is `/var/lib`. */
function tidy(path: unknown): string {
  const text = posix.normalize(typeof path === "string" ? path : wordOf(path));
  return text.length > 1 ? text.replace(/\/$/, "") : text;
}

function oneOf(paths: readonly string[]): string {
  return `no folder of the node but ${paths.join(", ")}`;
}
