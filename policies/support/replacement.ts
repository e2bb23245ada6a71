import { fields, groupKind } from "./objects";
import type { Subject } from "./subject";
import { isKnown } from "./unknown";

/** A change for which Pulumi deletes a thing and makes another in its place. */
export interface Replacement {
  readonly path: string;
  /** Values as JSON. */
  readonly from: string;
  readonly to: string;
}

/** Properties that cannot be changed, by group and kind; those of every object come first. */
const everyObject = ["metadata.name", "metadata.namespace"];
const objects: Readonly<Record<string, readonly string[]>> = {
  PersistentVolumeClaim: [
    "spec.accessModes",
    "spec.storageClassName",
    "spec.volumeName",
    "spec.volumeMode",
    "spec.selector",
    "spec.dataSource",
  ],
};

/** The same of other resources, by the beginning of their types. */
const resources: readonly (readonly [string, readonly string[]])[] = [
  ["command:", ["triggers"]],
  ["pulumi:providers:kubernetes", ["clusterIdentifier"]],
  ["kubernetes:helm.sh/v3:Release", ["name", "namespace"]],
];

/** The first change, of what is known, for which a thing is replaced; undefined where there is none. */
export function replacement(old: Subject, next: Subject): Replacement | undefined {
  for (const path of fixedProperties(next)) {
    const from = valueAt(old.properties, path);
    const to = valueAt(next.properties, path);
    // What was not stated, the cluster filled in; at the end of a run its answer may stand where ours did.
    if ([unknown, nothing].includes(from) || to === unknown || from === to) continue;
    return { path, from, to };
  }
  return undefined;
}

function fixedProperties({ type, object }: Subject): readonly string[] {
  if (object === undefined) {
    return resources.find(([begin]) => type.startsWith(begin))?.[1] ?? [];
  }
  const kind = groupKind(object);
  return [...everyObject, ...((Object.hasOwn(objects, kind) && objects[kind]) || [])];
}

const unknown = "?";
const nothing = "nothing";

/** The value at a path as JSON, `nothing` where none stands there, and `?` where it is not known. */
function valueAt(properties: Readonly<Record<string, unknown>>, path: string): string {
  let value: unknown = properties;
  for (const key of path.split(".")) {
    const holder = fields(value);
    if (!isKnown(holder, key)) return unknown;
    value = holder[key];
  }
  return jsonOf(value);
}

function jsonOf(value: unknown): string {
  return value === undefined || value === null ? nothing : JSON.stringify(value);
}
