import type { Blueprint } from "../../site/blueprint-types";

/** Something that is worked out from a blueprint once, however many subjects are judged by it. */
export function ofBlueprint<Value>(make: (blueprint: Blueprint) => Value) {
  const made = new WeakMap<Blueprint, { readonly value: Value }>();
  return (blueprint: Blueprint): Value => {
    const before = made.get(blueprint) ?? { value: make(blueprint) };
    made.set(blueprint, before);
    return before.value;
  };
}
