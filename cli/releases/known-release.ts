import { nearest } from "../../site/nearest";
import { show, throwProblems } from "../../site/problems";
import { readKnownRelease } from "../../site/release";
import { releaseNames } from "../../site/release/names";
import { RunError } from "../../site/run-error";
import type { Release } from "../../site/schema/release";
import { exitCodes } from "../exit-codes";

/**
 * A release by the name that somebody typed.
 * @throws RunError for a name that is none, and for a file with problems
 */
export function knownRelease(root: string, name: string): Release {
  requireRelease(root, name);
  const { parsed, place } = readKnownRelease(root, name);
  throwProblems(parsed.problems, { release: place });
  if (parsed.value === undefined) throw new Error("a release without problems must have a value");
  return parsed.value;
}

/** Refuses a name that is no release's; the nearest one is named. */
export function requireRelease(root: string, name: string): void {
  const names = releaseNames(root);
  if (names.includes(name)) return;
  const meant = nearest(name, names);
  const known = names.length === 0 ? "there is none yet" : `there are: ${names.join(", ")}`;
  throw new RunError(`no release ${show(name)}; ${known}`, {
    exitCode: exitCodes.usage,
    nextStep: meant === undefined ? "./sitewright releases lists them" : `did you mean ${meant}?`,
  });
}
