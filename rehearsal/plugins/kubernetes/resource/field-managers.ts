import {
  isMap,
  type KubeObject,
  type KubeValue,
  pluckMaps,
  pluckString,
} from "../objects/kube-object";

/**
 * Managers whose fields an object's own manager takes over, since they stand for the same user; the
 * first letters of the name count, so "kubectl" is also kubectl-edit, kubectl-patch and the like.
 */
const TAKEN_OVER: readonly (readonly [start: string, operation: string])[] = [
  ["kubectl", "Apply"],
  ["kubectl", "Update"],
  ["before-first-apply", "Update"],
  ["pulumi-kubernetes", "Update"],
  ["pulumi-resource-kubernetes", "Update"],
];

/** Never what was done through a subresource: `kubectl scale` stays another's doing. */
const isTakenOver = (entry: KubeObject): boolean =>
  pluckString(entry, "subresource") === "" &&
  TAKEN_OVER.some(
    ([start, operation]) =>
      pluckString(entry, "manager").startsWith(start) && entry.operation === operation,
  );

/** The managers' entries of an object. */
export const managedFields = (object: KubeObject): KubeObject[] =>
  pluckMaps(object, "metadata", "managedFields");

/**
 * The managers' entries after `manager` has taken over what was made in other ways, such as by the
 * plain creation of the object. Undefined when nothing changes.
 */
export function takeOver(object: KubeObject, manager: string): KubeObject[] | undefined {
  const entries = managedFields(object);
  const taken = entries.filter(isTakenOver);
  if (taken.length === 0) return undefined;
  const isOwn = (entry: KubeObject) =>
    entry.manager === manager &&
    entry.operation === "Apply" &&
    pluckString(entry, "subresource") === "";
  const own = entries.find(isOwn);
  const fields = [...taken, ...(own === undefined ? [] : [own])].reduce<KubeObject>(
    (all, entry) => (isMap(entry.fieldsV1) ? union(all, entry.fieldsV1) : all),
    {},
  );
  const [first] = taken;
  const merged: KubeObject = {
    manager,
    operation: "Apply",
    apiVersion: own?.apiVersion ?? first?.apiVersion ?? "",
    time: own?.time ?? first?.time ?? null,
    fieldsType: "FieldsV1",
    fieldsV1: fields,
  };
  const rest = entries.filter((entry) => !isTakenOver(entry) && !isOwn(entry));
  return [...rest, merged];
}

function union(a: KubeObject, b: KubeObject): KubeObject {
  const all: KubeObject = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const mine = all[key];
    all[key] = isMap(mine) && isMap(value) ? union(mine, value) : value;
  }
  return all;
}

/** True when the manager's fields hold the path; lists inside it are not looked into. */
export function manages(entry: KubeObject, path: readonly string[]): boolean {
  let fields: KubeValue | undefined = entry.fieldsV1;
  for (const key of path) {
    if (!isMap(fields)) return false;
    fields = fields[`f:${key}`];
  }
  return fields !== undefined;
}
