/** One step into a value: a key of an object or an index of a list. */
export type PathStep = string | number;

/** A path as the engine shows it: spec.replicas, data["a.b"], spec.ports[0].port. */
export function formatPath(path: readonly PathStep[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/[."[\]]/.test(step)) text += `["${step.replaceAll('"', '\\"')}"]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** The steps of a path written by a user, for example in ignoreChanges. "*" means any step. */
export function parsePath(text: string): PathStep[] {
  const steps: PathStep[] = [];
  let rest = text;
  while (rest !== "") {
    const quoted = /^\["((?:[^"\\]|\\.)*)"\]\.?/.exec(rest);
    const index = /^\[(\d+|\*)\]\.?/.exec(rest);
    const key = /^\.?([^.[\]]+)\.?/.exec(rest);
    const match = quoted ?? index ?? key;
    if (match === null || match[0] === "") {
      throw new Error(
        `"${text}" is not a property path; write for example spec.template or data["a.b"]`,
      );
    }
    const step = match[1] ?? "";
    if (quoted !== null) steps.push(step.replaceAll('\\"', '"'));
    else steps.push(index !== null && step !== "*" ? Number(step) : step);
    rest = rest.slice(match[0].length);
  }
  return steps;
}

/** True when `inner` is `outer` or lies inside it. */
export function contains(outer: readonly PathStep[], inner: readonly PathStep[]): boolean {
  return (
    outer.length <= inner.length &&
    outer.every((step, i) => step === "*" || String(step) === String(inner[i]))
  );
}
