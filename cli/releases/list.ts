import { valueAt } from "../../site/path";
import { readKnownRelease } from "../../site/release";
import { releaseNames } from "../../site/release/names";
import { RunError } from "../../site/run-error";
import { readStackFile, siteNames } from "../../site/stack-file";
import type { Colour } from "../view/colours";
import { tableLines } from "../view/table";

/** A release as the list shows it. */
export interface ListedRelease {
  readonly release: string;
  readonly base?: string;
  /** Absent when the file has problems. */
  readonly workloads?: number;
  /** Number of problems in its files; a site may find more. */
  readonly problems: number;
  /** Sites that name it. */
  readonly sites: readonly string[];
}

/** All releases of a project, oldest first. One with problems, or a site that cannot be read, hides no other. */
export function listReleases(root: string): readonly ListedRelease[] {
  const named = siteNames(root).map((site) => ({ site, release: releaseOf(root, site) }));
  return releaseNames(root).map((release) => {
    const { base, workloads, problems } = contentOf(root, release);
    return {
      release,
      ...(base !== undefined && { base }),
      ...(workloads !== undefined && { workloads }),
      problems,
      sites: named.filter((one) => one.release === release).map(({ site }) => site),
    };
  });
}

function contentOf(
  root: string,
  release: string,
): { readonly base?: string | undefined; readonly workloads?: number; readonly problems: number } {
  try {
    const { value, problems } = readKnownRelease(root, release).parsed;
    if (value === undefined || problems.length > 0) return { problems: problems.length };
    return { base: value.base, workloads: Object.keys(value.workloads).length, problems: 0 };
  } catch (error) {
    if (error instanceof RunError) return { problems: 1 };
    throw error;
  }
}

function releaseOf(root: string, site: string): unknown {
  try {
    return valueAt(readStackFile(root, site).data, ["release"]);
  } catch (error) {
    if (error instanceof RunError) return undefined;
    throw error;
  }
}

export function listJson(releases: readonly ListedRelease[]) {
  return { releases };
}

export function listText(
  releases: readonly ListedRelease[],
  paint: (colour: Colour, text: string) => string,
): readonly string[] {
  if (releases.length === 0) return ["no release yet: add a file releases/<version>.yaml"];
  const rows = releases.map(({ release, base = "", workloads, problems, sites }) => ({
    cells: [
      release,
      base,
      workloads === undefined ? "?" : String(workloads),
      [
        ...(problems === 0 ? [] : [`${problems} ${problems === 1 ? "problem" : "problems"}`]),
        ...(sites.length === 0 ? [] : [sites.join(", ")]),
      ].join("; "),
    ],
    ...(problems > 0 && { paint: (line: string) => paint("red", line) }),
  }));
  const next = releases.find(({ problems }) => problems > 0);
  return [
    ...tableLines(["release", "base", "workloads", "named by"], rows),
    ...(next === undefined
      ? []
      : [
          "",
          `  next: ./sitewright releases diff ${next.release} ${next.release} names the problems`,
        ]),
  ];
}
