import type { Blueprint } from "../../site/blueprint-types";
import { claimsOf } from "./claims";
import type { Inventory } from "./inventory";
import { knownNamespaces } from "./namespaces";
import { fields, groupKind, namespaceOf, textOf } from "./objects";
import { ofBlueprint } from "./of-blueprint";
import type { Subject } from "./subject";

/** What data would go with a thing of the stack, in words that read on from "holds"; undefined for none. */
export type HeldData = (subject: Subject) => string | undefined;

/** Kubernetes objects with which data goes, or the way to it. */
const objects: Readonly<Record<string, string>> = {
  PersistentVolumeClaim: "the data of its volume",
  PersistentVolume: "the data of its volume",
  "ceph.rook.io/CephCluster": "all that Ceph stores",
  "ceph.rook.io/CephBlockPool": "the volumes of its pool",
  "ceph.rook.io/CephFilesystem": "the volumes of its file system",
  "ceph.rook.io/CephFilesystemSubVolumeGroup": "the volumes of its group",
  "ceph.rook.io/CephObjectStore": "the buckets of its store",
};

/** Other resources. */
const resources: Readonly<Record<string, string>> = {
  "pulumi-nodejs:dynamic/registry:Harbor": "what Harbor is set up by",
  "pulumi:providers:kubernetes": "every object of the cluster",
  "kubernetes:helm.sh/v3:Release": "the definitions of its kinds, and every object of these",
};

/** Step that undoes the cluster's, as its resource states it. */
const deletesCluster = /^\.\/sitewright step delete-cluster$/;

/** Whether the platform's namespaces hold data, by name. */
const platformNamespaces = ofBlueprint(
  ({ platform }) =>
    new Map(platform.namespaces.map(({ name, holdsData = false }) => [name, holdsData])),
);

/** Finds out what holds data among what a stack holds, or held. */
export function heldData(inventory: Inventory, blueprint: Blueprint): HeldData {
  const claiming = new Set<string>();
  for (const { object } of inventory.objects) {
    for (const _ of claimsOf(object, blueprint)) claiming.add(textOf(namespaceOf(object)));
  }
  return ({ type, object, patch, properties }) => {
    if (patch) return undefined;
    if (object === undefined) {
      const isCluster =
        type === "command:local:Command" && deletesCluster.test(textOf(properties.delete));
      return isCluster ? "the cluster with etcd" : wordsOf(resources, type);
    }
    const kind = groupKind(object);
    if (kind !== "Namespace") return wordsOf(objects, kind);
    const name = textOf(fields(object.metadata).name);
    // Of what teams keep in theirs the stack knows nothing.
    const own = platformNamespaces(blueprint).get(name) ?? knownNamespaces(blueprint).has(name);
    const holds = own || claiming.has(name);
    return holds ? "everything that is in it" : undefined;
  };
}

function wordsOf(words: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}
