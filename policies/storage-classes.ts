import { z } from "zod";
import type { Blueprint } from "../site/blueprint-types";
import { nearest } from "../site/nearest";
import { show } from "../site/problems";
import { claimsOf, type PlacedClaim } from "./support/claims";
import { fields, groupKind, items, type KubernetesObject, namespaceOf } from "./support/objects";
import { type Finding, subjectRule } from "./support/rule";
import { isKnown } from "./support/unknown";
import { defaultClass, type VolumeClass, volumeClasses } from "./support/volume-classes";

const settings = z.strictObject({
  withoutClass: z
    .array(z.string().regex(/^[^/]+\/[^/]+$/, { error: "namespace/name" }))
    .default([])
    .describe(
      "Objects, as `namespace/name`, whose claims are for volumes that somebody makes by hand.",
    ),
  reclaim: z
    .enum(["site", "Retain"], { error: "site or Retain" })
    .default("site")
    .describe("`site`: classes keep volumes as the site file says; `Retain`: every class does."),
});

export const storageClasses = subjectRule({
  name: "storage-classes",
  description:
    "Claims name a storage class of the site and what it can do, and classes keep volumes as the site says.",
  why: "A claim of a class that is not there waits for ever and tells nobody; a class that deletes what the site wants kept takes the data with the claim.",
  severity: "high",
  remedy:
    "name a class of the site in the release, or under workloads.<name>.storage in the site file",
  settings,
  *judge({ object }, { blueprint, settings: { withoutClass, reclaim } }) {
    if (object === undefined) return;
    const byHand = withoutClass.includes(`${namespaceOf(object)}/${object.metadata?.name}`);
    for (const claim of claimsOf(object, blueprint)) yield* claimFindings(claim, byHand, blueprint);
    switch (groupKind(object)) {
      case "storage.k8s.io/StorageClass":
        return yield* classFindings(object, reclaim, blueprint);
      case "PersistentVolume":
        return yield* volumeFindings(object);
      case "objectbucket.io/ObjectBucketClaim":
        return yield* bucketFindings(object, blueprint);
    }
  },
});

function* claimFindings(
  { path, spec }: PlacedClaim,
  byHand: boolean,
  blueprint: Blueprint,
): Iterable<Finding> {
  if (!isKnown(spec, "storageClassName")) return;
  const { storageClassName: name } = spec;
  const at = `${path}.storageClassName`;
  if (name === "") {
    if (byHand) return;
    const needed = `a class for volumes: ${names(blueprint, "volumes")}`;
    const next =
      "name one; for a volume made by hand, add the object to the rule's setting withoutClass";
    yield { path: at, needed, given: '"", which waits for a volume made by hand', next };
    return;
  }
  const found = yield* known(at, name, "volumes", blueprint);
  if (found !== undefined) yield* modeFindings(path, spec, found);
}

/** The class that is meant; undefined after telling that there is none. */
function* known(
  path: string,
  name: unknown,
  serves: VolumeClass["serves"],
  blueprint: Blueprint,
): Generator<Finding, VolumeClass | undefined> {
  const needed = `a class for ${serves === "bucket" ? "buckets" : "volumes"}: ${names(blueprint, serves)}`;
  if (name === undefined || name === null) {
    const usual = serves === "volumes" ? defaultClass(blueprint) : undefined;
    if (usual !== undefined) return usual;
    yield { path, needed, given: "nothing, and the site has no default for it", absent: true };
    return undefined;
  }
  const found = typeof name === "string" ? volumeClasses(blueprint).get(name) : undefined;
  if (found?.serves === serves) return found;
  const meant = typeof name === "string" ? nearest(name, all(blueprint, serves)) : undefined;
  const next = meant === undefined ? {} : { next: `write ${meant}` };
  yield {
    path,
    needed,
    given: typeof name === "string" ? show(name) : `a ${typeof name}`,
    ...next,
  };
  return undefined;
}

function all(blueprint: Blueprint, serves: VolumeClass["serves"]): readonly string[] {
  const classes = [...volumeClasses(blueprint).values()];
  return classes.filter((one) => one.serves === serves).map((one) => one.name);
}

function names(blueprint: Blueprint, serves: VolumeClass["serves"]): string {
  return all(blueprint, serves).join(", ") || "the site has none";
}

function* modeFindings(
  path: string,
  spec: PlacedClaim["spec"],
  { name, modes, deviceModes }: VolumeClass,
): Iterable<Finding> {
  const { accessModes, volumeMode } = spec;
  const isDevice = volumeMode === "Block";
  if (isDevice && deviceModes.length === 0) {
    yield {
      path: `${path}.volumeMode`,
      needed: `Filesystem, all that ${name} can do`,
      given: "Block",
    };
    return;
  }
  const can = isDevice ? deviceModes : modes;
  const wanted = items(accessModes);
  const at = `${path}.accessModes`;
  const needed = `access modes that ${name} can do: ${can.join(", ")}`;
  if (wanted.length === 0) yield { path: at, needed, given: "none", absent: true };
  const others = wanted.filter((mode) => typeof mode !== "string" || !can.includes(mode));
  if (others.length === 0) return;
  const given = others.map((mode) => (typeof mode === "string" ? mode : `a ${typeof mode}`));
  yield { path: at, needed, given: given.join(", ").slice(0, 200) };
}

function* classFindings(
  object: KubernetesObject,
  reclaim: "site" | "Retain",
  blueprint: Blueprint,
): Iterable<Finding> {
  const { metadata, reclaimPolicy = "Delete" } = object;
  const { name = "" } = metadata ?? {};
  const annotations = fields(metadata?.annotations);
  const found = volumeClasses(blueprint).get(name);
  if (found === undefined) {
    const every = [...volumeClasses(blueprint).keys()].join(", ") || "it has none";
    const next = "state it under storage in the site file, or remove it";
    yield {
      path: "metadata.name",
      needed: `a class of the site: ${every}`,
      given: show(name),
      next,
    };
    return;
  }
  const wanted = reclaim === "Retain" ? "Retain" : found.reclaim;
  if (reclaimPolicy !== wanted && reclaimPolicy !== "Retain") {
    const absent = object.reclaimPolicy === undefined;
    const given = `${absent ? "nothing, which is " : ""}${show(reclaimPolicy)}`;
    yield { path: "reclaimPolicy", needed: wanted, given, absent };
  }
  const key = "storageclass.kubernetes.io/is-default-class";
  const isDefault = annotations[key] === "true";
  if (isDefault === found.default) return;
  yield {
    path: `metadata.annotations["${key}"]`,
    needed: `"${found.default}", since the site's default class is ${defaultClass(blueprint)?.name ?? "none"}`,
    given: annotations[key] === undefined ? "nothing" : show(annotations[key]),
    absent: annotations[key] === undefined,
  };
}

/** A volume made by hand may hold what its maker put there. */
function* volumeFindings({ spec }: KubernetesObject): Iterable<Finding> {
  const { persistentVolumeReclaimPolicy: policy = "Retain" } = fields(spec);
  if (policy === "Retain") return;
  const path = "spec.persistentVolumeReclaimPolicy";
  yield { path, needed: "Retain", given: show(policy), next: "write Retain" };
}

function* bucketFindings({ spec }: KubernetesObject, blueprint: Blueprint): Iterable<Finding> {
  const given = fields(spec);
  if (!isKnown(given, "storageClassName")) return;
  yield* known("spec.storageClassName", given.storageClassName, "bucket", blueprint);
}
