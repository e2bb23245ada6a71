import { isMap, isSame, type KubeObject, type KubeValue, UNKNOWN } from "../objects/kube-object";

/** Placeholder that a value not known yet leaves in a patch; its look decides what is reported. */
const UNKNOWN_IN_PATCH: KubeObject = { Element: { V: "" } };

/** An object as it would be sent: values not known yet become the patch's placeholder. */
export function withPlaceholders(value: KubeValue): KubeValue {
  if (value === UNKNOWN) return UNKNOWN_IN_PATCH;
  if (Array.isArray(value)) return value.map(withPlaceholders);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withPlaceholders(item)]),
  );
}

/**
 * The JSON merge patch (RFC 7386) that turns one object into the other: null for what goes away,
 * lists whole. Neither may hold values that are not known yet.
 */
export function mergePatch(from: KubeObject, to: KubeObject): KubeObject {
  const patch: KubeObject = {};
  for (const [key, value] of Object.entries(to)) {
    const old = from[key];
    if (old === undefined) {
      patch[key] = value;
    } else if (isMap(old) && isMap(value)) {
      const inner = mergePatch(old, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!isSame(old, value)) {
      patch[key] = value;
    }
  }
  for (const key of Object.keys(from)) {
    if (!Object.hasOwn(to, key)) patch[key] = null;
  }
  return patch;
}
