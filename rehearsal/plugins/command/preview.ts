import {
  containsUnknown,
  equalValues,
  mapValues,
  type PropertyMap,
  Unknown,
} from "../protocol/values";
import type { Fields } from "./fields";

/** A new resource as a preview shows it: inputs as they are, everything else not known yet. */
export function previewOfCreate(inputs: PropertyMap, outputs: PropertyMap): PropertyMap {
  return { ...inputs, ...mapValues(outputs, () => new Unknown()) };
}

/**
 * A changed resource as a preview shows it: outputs keep their values unless an input differs from
 * the state or is not known.
 */
export function previewOfUpdate(
  { fields }: Fields,
  inputs: PropertyMap,
  outputs: PropertyMap,
  olds: PropertyMap,
): PropertyMap {
  const changed = Object.keys(fields).some((name) => {
    if (containsUnknown(inputs[name])) return true;
    return olds[name] !== undefined && !equalValues(inputs[name], olds[name]);
  });
  return { ...inputs, ...mapValues(outputs, (value) => (changed ? new Unknown() : value)) };
}
