import type { Colour } from "../view/colours";
import { type TableRow, tableLines } from "../view/table";
import type { Examination } from "./examination";

type Paint = (colour: Colour, text: string) => string;

/** A rehearsal of the larger sample site needs about this much. */
const comfortableMemoryGiB = 6;
/** Go's caches and the finished tools, when everything is built here. */
const comfortableDiskGiB = 12;

const sources = { machine: "this machine", cache: "cache", release: "cache", build: "cache" };

function toolRows({ tools }: Examination, paint: Paint): TableRow[] {
  return tools.map(({ name, version, purpose, tool, ways }) => {
    if (tool) return { cells: [name, version, sources[tool.source], tool.path] };
    const way = ways.join("; if that fails: ");
    const missing = { cells: [name, version, "missing", `cannot be had here (${purpose})`] };
    if (ways.length === 0) return { ...missing, paint: (line) => paint("red", line) };
    return { cells: [name, version, "to get", way], paint: (line) => paint("yellow", line) };
  });
}

function pluginRows({ plugins }: Examination): TableRow[] {
  return plugins.map(({ name, version, tool }) => {
    if (tool) return { cells: [name, version, "real", tool.path] };
    const way = name.startsWith("language-")
      ? "the real one is part of Pulumi's official release"
      : `for the real one: pulumi plugin install resource ${name} ${version}`;
    return { cells: [name, version, "stand-in", `in rehearsals; ${way}`] };
  });
}

function hostPackagesLine({ hostPackages }: Examination): string {
  const { from, packages, missing } = hostPackages;
  if (from === "cache") return `${packages} Debian packages, in the cache`;
  if (from === "machine") return "this machine has all of them";
  if (from === "download")
    return `to get: apt-get downloads them, without installing (${missing.join(", ")})`;
  return `missing: ${missing.join(", ")}`;
}

/** The report for people. */
export function reportLines(examination: Examination, paint: Paint, columns: number): string[] {
  const { machine, cache, reach, lacks, rehearsalProblems } = examination;
  const title = (text: string) => paint("bold", text);
  const little = (have: number, comfortable: number) =>
    have < comfortable ? `  (little: ${comfortable} GiB are comfortable)` : "";
  const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  const table = (heading: string[], rows: TableRow[]) =>
    indented(tableLines(heading, rows, columns - 2));
  return [
    title("Machine"),
    `  ${machine.system}, ${machine.architecture}, ${machine.cores} cores, Node ${machine.node}`,
    `  ${machine.memoryGiB} GiB memory, ${machine.freeMemoryGiB} free${little(machine.memoryGiB, comfortableMemoryGiB)}`,
    `  rehearsals: ${rehearsalProblems.length === 0 ? "can run here" : "cannot run here, see below"}`,
    "",
    title("Tools"),
    ...table(
      ["tool", "version", "state", "where, or how it will be got"],
      toolRows(examination, paint),
    ),
    "",
    title("Pulumi plugins"),
    ...table(["plugin", "version", "state", "where"], pluginRows(examination)),
    "",
    title("Programs of simulated hosts"),
    `  ${hostPackagesLine(examination)}`,
    "",
    title("Cache"),
    `  ${cache.folder}: ${cache.sizeGiB} GiB, ${cache.freeDiskGiB} GiB free${little(cache.freeDiskGiB, comfortableDiskGiB)}`,
    ...(reach
      ? [
          "",
          title("Network"),
          ...table(
            ["place", "reached", ""],
            reach.map(({ place, reached, why }) => ({
              cells: [place, reached ? "yes" : "no", why ?? ""],
            })),
          ),
        ]
      : []),
    "",
    ...(lacks.length === 0
      ? [paint("green", "Everything is here, or will be got when it is first needed.")]
      : [title(paint("red", "This machine lacks:")), ...lacks.map((line) => `  - ${line}`)]),
  ];
}
