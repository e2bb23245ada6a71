import { copyOf, isMap, type KubeObject, type KubeValue, UNKNOWN } from "../objects/kube-object";

/**
 * What the live object says about the fields that the inputs name, and nothing else. A field whose
 * type differs from the input's is kept whole; lists are cut to the length of the input's list.
 */
export function prune(live: KubeObject, shape: KubeObject): KubeObject {
  const kept: KubeObject = {};
  for (const [key, value] of Object.entries(live)) {
    const wanted = shape[key];
    if (wanted !== undefined) kept[key] = pruneValue(value, wanted);
  }
  return kept;
}

function pruneValue(live: KubeValue, shape: KubeValue): KubeValue {
  if (isMap(live) && isMap(shape)) return prune(live, shape);
  if (Array.isArray(live) && Array.isArray(shape)) return pruneList(live, shape);
  return copyOf(live);
}

function pruneList(live: KubeValue[], shape: KubeValue[]): KubeValue[] {
  const [firstLive] = live;
  const [firstShape] = shape;
  if (firstLive === undefined || firstShape === undefined) return [];
  if (shapeName(firstLive) !== shapeName(firstShape)) return copyOf(live);
  return shape.slice(0, live.length).map((wanted, i) => pruneValue(live[i] ?? null, wanted));
}

function shapeName(value: KubeValue): string {
  if (value === null) return "null";
  if (value === UNKNOWN) return "unknown";
  return Array.isArray(value) ? "list" : typeof value;
}
