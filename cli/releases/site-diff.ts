import type { KubernetesObject } from "../../components/support/kubernetes-object";
import { type WorkloadObject, workloadObjects } from "../../components/workload/objects";
import type { LoadedSite } from "../../site/load";
import type { NotUndone } from "../../site/release/rollback";
import { type FieldChange, fieldChanges } from "./field-changes";
import { isEmpty, type NamedChanges, namedChanges } from "./named-changes";
import { imageChanges, type ReleaseDiff } from "./release-diff";

/** What a deployment does with an object. */
export type ObjectAction = "create" | "update" | "replace" | "delete" | "keep";

export interface ObjectChange {
  readonly action: ObjectAction;
  readonly kind: string;
  /** `namespace/name`. */
  readonly name: string;
  /** Empty unless both have it. */
  readonly fields: readonly FieldChange[];
}

/** What changes at one site when it goes from one release to another. */
export interface SiteDiff extends ReleaseDiff {
  readonly site: string;
  /** Objects of workloads in the cluster, by kind and name. */
  readonly objects: readonly ObjectChange[];
  /** What going back again would not undo. */
  readonly notUndone: readonly NotUndone[];
  /** What the site's file says of things that one of the releases does not have, which was left out for it. */
  readonly leftOut: readonly { readonly release: string; readonly key: string }[];
}

/** A site with one of the releases, and what of its file was left out for it. */
export type ComparedSite = LoadedSite & { readonly leftOut: readonly string[] };

/** Compares a site with a release to the same site with another one. */
export function siteDiff(from: ComparedSite, to: ComparedSite): SiteDiff {
  const sections = (["workloads", "namespaces", "sharedVolumes", "productSecrets"] as const)
    .map((key): [string, NamedChanges] => [
      key,
      namedChanges(byName(from.blueprint[key]), byName(to.blueprint[key])),
    ])
    .filter(([, changes]) => !isEmpty(changes));
  const images = ({ blueprint }: LoadedSite) => blueprint.images.map(({ image }) => image);
  return {
    site: to.name,
    from: from.release.release,
    to: to.release.release,
    sections: Object.fromEntries(sections),
    images: imageChanges(images(from), images(to)),
    objects: objectChanges(from, to),
    notUndone: from.notUndoneFrom(to.release.release),
    leftOut: [from, to].flatMap(({ release: { release }, leftOut }) =>
      leftOut.map((key) => ({ release, key })),
    ),
  };
}

/** Things of a site by their names, without what says the same in other words. */
function byName(
  list: readonly {
    readonly name: string;
    readonly namespace?: string;
    readonly version?: string;
  }[],
): Readonly<Record<string, unknown>> {
  const entries = list.map((one): [string, unknown] => {
    const { name, version: _fromTheImage, ...rest } = one;
    return [one.namespace === undefined ? name : `${one.namespace}/${name}`, rest];
  });
  return Object.fromEntries(entries);
}

/** Objects that come, change or go, as a preview lists them. */
export function objectChanges(from: LoadedSite, to: LoadedSite): readonly ObjectChange[] {
  const [before, after] = [from, to].map(({ blueprint }) => objectsByKey(blueprint.workloads));
  const keys = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].sort();
  return keys.flatMap((key): readonly ObjectChange[] => {
    const [one, other] = [before?.get(key), after?.get(key)];
    const object = (other ?? one)?.object;
    if (object === undefined) return [];
    const { kind } = object;
    const what = { kind, name: nameOf(object), fields: [] };
    if (one === undefined) return [{ ...what, action: "create" }];
    if (other === undefined) return [{ ...what, action: one.keep === true ? "keep" : "delete" }];
    const fields = fieldChanges(one.object, other.object);
    if (fields.length === 0) return [];
    // A Job cannot be changed: another one takes its place and runs.
    return [{ ...what, fields, action: kind === "Job" ? "replace" : "update" }];
  });
}

function objectsByKey(
  workloads: LoadedSite["blueprint"]["workloads"],
): ReadonlyMap<string, WorkloadObject> {
  return new Map(
    workloads
      .flatMap((workload) => workloadObjects(workload))
      .map((one) => [`${nameOf(one.object)} ${one.object.apiVersion} ${one.object.kind}`, one]),
  );
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata.namespace === undefined
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;
}
