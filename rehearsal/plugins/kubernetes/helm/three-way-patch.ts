import { mergePatch } from "../diff/merge-patch";
import { isMap, type KubeObject, type KubeValue, UNKNOWN } from "../objects/kube-object";

/**
 * The merge patch that brings the live state to the new inputs: what differs from the live state
 * changes, and only what the old inputs named can be taken away.
 */
export function threeWayPatch(
  oldInputs: KubeObject,
  newInputs: KubeObject,
  live: KubeObject,
): KubeObject {
  const wanted = withoutUnknown(newInputs) as KubeObject;
  const changes = keep(
    mergePatch(withoutUnknown(live) as KubeObject, wanted),
    (value) => value !== null,
  );
  const removals = keep(
    mergePatch(withoutUnknown(oldInputs) as KubeObject, wanted),
    (value) => value === null,
  );
  return merged(changes, removals);
}

/** What is not known yet shows as null, which the diff reads as "may change". */
function withoutUnknown(value: KubeValue): KubeValue {
  if (value === UNKNOWN) return null;
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutUnknown(item)]),
  );
}

/** The parts of a patch whose leaves pass the test. */
function keep(patch: KubeObject, test: (leaf: KubeValue) => boolean): KubeObject {
  const kept: KubeObject = {};
  for (const [key, value] of Object.entries(patch)) {
    if (!isMap(value)) {
      if (test(value)) kept[key] = value;
      continue;
    }
    const inner = keep(value, test);
    if (Object.keys(inner).length > 0 || test(value)) kept[key] = inner;
  }
  return kept;
}

function merged(a: KubeObject, b: KubeObject): KubeObject {
  const all = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const mine = all[key];
    all[key] = isMap(mine) && isMap(value) ? merged(mine, value) : value;
  }
  return all;
}
