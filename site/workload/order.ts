/** Anything that may have to wait for others of its kind. */
interface Waiting {
  readonly name: string;
  readonly after: readonly string[];
}

/** Each one behind all that it waits for, otherwise in the given order. What waits in a circle comes last, unordered. */
export function inOrder<One extends Waiting>(list: readonly One[]): readonly One[] {
  const byName = new Map(list.map((one) => [one.name, one]));
  const placed = new Set<One>();
  const visiting = new Set<One>();
  const place = (one: One) => {
    if (placed.has(one) || visiting.has(one)) return;
    visiting.add(one);
    for (const name of one.after) {
      const before = byName.get(name);
      if (before !== undefined) place(before);
    }
    placed.add(one);
  };
  for (const one of list) place(one);
  return [...placed];
}

/** Names that wait for each other in a circle, each circle once, beginning with its first name in the list. */
export function circles(list: readonly Waiting[]): readonly (readonly string[])[] {
  const after = new Map(list.map((one) => [one.name, one.after]));
  const done = new Set<string>();
  const found: string[][] = [];
  const walk = (name: string, path: readonly string[]) => {
    const at = path.indexOf(name);
    if (at >= 0) {
      found.push(path.slice(at));
      return;
    }
    if (done.has(name)) return;
    for (const next of after.get(name) ?? []) if (after.has(next)) walk(next, [...path, name]);
    done.add(name);
  };
  for (const { name } of list) walk(name, []);
  return found;
}
