import type { Subject } from "./subject";

/** Things in the same order in every run, for rules that blame the later of two. */
export function inTurn<One extends Subject>(subjects: Iterable<One>): readonly One[] {
  return [...subjects].sort((one, other) =>
    one.title === other.title ? 0 : one.title < other.title ? -1 : 1,
  );
}
