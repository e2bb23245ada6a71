import { Command } from "commander";
import { resolveSite } from "../../site/load";
import { valueAt } from "../../site/path";
import { isPlainObject } from "../../site/release/layers";
import { releaseNames } from "../../site/release/names";
import { withOtherRelease } from "../../site/release/other-release";
import { RunError } from "../../site/run-error";
import { readStackFile } from "../../site/stack-file";
import { exitCodes } from "../exit-codes";
import { type Io, ownIo } from "../io";
import { painter } from "../view/colours";
import { releaseDiffText, siteDiffText } from "./diff-text";
import { knownRelease, requireRelease } from "./known-release";
import { releaseDiff } from "./release-diff";
import { type ComparedSite, siteDiff } from "./site-diff";

export interface DiffOptions {
  readonly site?: string;
  readonly objects: boolean;
  readonly json: boolean;
}

/** `./sitewright releases diff <from> <to>`: how two releases differ, at a site or everywhere. */
export function diffCommand(): Command {
  return new Command("diff")
    .argument("<from>", "a release, such as the one that runs")
    .argument("<to>", "another one; an earlier one shows what going back changes")
    .description("how two releases differ, everywhere or at one site")
    .option("--site <site>", "with that site's differences applied, and what its bundle must bring")
    .option("--objects", "with --site: every object in the cluster, field by field", false)
    .option("--json", "print the result as one JSON object", false)
    .addHelpText("after", help)
    .action((from: string, to: string, options: DiffOptions) => {
      process.exitCode = diff(from, to, options, ownIo());
    });
}

const help = `
Compares what the files say, with all that they inherit; needs no network and no secrets. A preview
at the site shows the same, and with --refresh what was changed there by hand. What the site states for
things that one of the two does not have is left out for that one, and named:

  + comes    - goes    ~ changes    ± a Job that runs anew    = stays in the cluster, no longer managed

  ./sitewright releases diff 2026.11 2026.12
  ./sitewright releases diff 2026.12 2026.11 --site site-a --objects

Exit code: 0 compared, whether they differ or not; 2 no such release or site; 3 a file has problems.`;

/** Runs the command and returns its exit code. */
export function diff(from: string, to: string, options: DiffOptions, io: Io): number {
  const view = { paint: painter(io.stdout, io.env), columns: io.stdout.columns ?? 120 };
  const { site, objects, json } = options;
  if (site === undefined && objects) {
    throw new RunError("--objects needs a site: objects are a site's", {
      exitCode: exitCodes.usage,
      nextStep: `./sitewright releases diff ${from} ${to} --site <site> --objects`,
    });
  }
  const lines = () => {
    if (site === undefined) {
      const found = releaseDiff(knownRelease(io.root, from), knownRelease(io.root, to));
      return json ? asJson(found) : releaseDiffText(found, view);
    }
    const found = siteDiff(siteWith(io.root, site, from), siteWith(io.root, site, to));
    return json ? asJson(found) : siteDiffText(found, objects, view);
  };
  io.stdout.write(`${lines().join("\n")}\n`);
  return exitCodes.ok;
}

/** A site as it would be with a release, whichever its file names. */
export function siteWith(root: string, name: string, release: string): ComparedSite {
  const { data, place, secretNames } = readStackFile(root, name);
  requireRelease(root, release);
  const named = valueAt(data, ["release"]);
  const known = typeof named === "string" && releaseNames(root).includes(named);
  const changed =
    known && named !== release
      ? withOtherRelease(data, knownRelease(root, named), knownRelease(root, release))
      : { data: isPlainObject(data) ? { ...data, release } : data, leftOut: [] };
  const given = { name, data: changed.data, place, secretNames };
  return { ...resolveSite(given, root), leftOut: changed.leftOut };
}

function asJson(value: unknown): readonly string[] {
  return [JSON.stringify(value, null, 2)];
}
