import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { RunError } from "../../site/run-error";
import type { PlatformCatalogue } from "../../site/schema/platform";
import { type ArchiveFile, tarGzOf } from "../kubekey/artifact/tar";

/** Charts of a rehearsal's bundle: real ones where a folder of them is given, else small ones of our own. */

const ownCharts = resolve(__dirname, "../charts");

export interface ChartSources {
  /** Charts that the site installs; those must be had. */
  readonly needed: readonly string[];
  readonly pins: PlatformCatalogue["charts"];
  /** Folder of real charts, packed (`istiod-1.30.3.tgz`) or not (`istiod/`, `istiod-1.30.3/`). */
  readonly folder?: string | undefined;
  /** Told of an unpacked chart that gives itself another version: in a source tree that is a placeholder. */
  readonly warn: (line: string) => void;
}

/**
 * Every chart of the catalogue that can be had, packed, by its name.
 * @throws RunError that names every chart which a folder of real charts lacks, or has packed in another version.
 */
export function packCharts({
  needed,
  pins,
  folder,
  warn,
}: ChartSources): ReadonlyMap<string, Buffer> {
  const packed = new Map<string, Buffer>();
  const faults: string[] = [];
  for (const [chart, { version }] of Object.entries(pins)) {
    const own = join(ownCharts, chart);
    const found = folder === undefined ? undefined : findChart(folder, chart, version);
    if (found !== undefined) {
      const given = chartOf(found, chart);
      const same = plain(given.version) === plain(version);
      const line = `${found} is ${given.name} ${given.version}; the catalogue has ${chart} ${version}`;
      if (given.name !== chart || (!same && found.endsWith(".tgz"))) faults.push(line);
      else packed.set(chart, archived(found, chart));
      if (!same) warn(line);
    } else if (folder !== undefined && needed.includes(chart)) {
      faults.push(`no ${chart} ${version}: looked for ${names(chart, version).join(", ")}`);
    } else if (existsSync(own)) packed.set(chart, packFolder(own, chart));
  }
  if (faults.length === 0) return packed;
  throw new RunError(`the charts in ${folder} do not serve this site:\n  ${faults.join("\n  ")}`, {
    exitCode: 5,
    nextStep: "put the charts there, or rehearse without --charts, with small charts of our own",
  });
}

/** A chart's folder or archive as bytes of an archive. */
function archived(found: string, chart: string): Buffer {
  if (statSync(found).isDirectory()) return packFolder(found, chart);
  const folder = mkdtempSync(join(tmpdir(), "sitewright-chart-"));
  try {
    const made = spawnSync("tar", ["-xzf", resolve(found), "-C", folder], { encoding: "utf8" });
    if (made.status === 0) return packFolder(join(folder, chart), chart);
    throw new RunError(`${found} cannot be unpacked: ${made.stderr.trim().split("\n")[0]}`, {
      exitCode: 5,
      nextStep: "fetch the chart again",
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function names(chart: string, version: string): readonly string[] {
  const versions = [version, plain(version), `v${plain(version)}`];
  return [
    ...new Set([...versions.map((each) => `${chart}-${each}.tgz`), `${chart}-${version}`, chart]),
  ];
}

function findChart(folder: string, chart: string, version: string): string | undefined {
  return names(chart, version)
    .map((name) => join(folder, name))
    .find((path) =>
      path.endsWith(".tgz") ? existsSync(path) : existsSync(join(path, "Chart.yaml")),
    );
}

/** What a chart calls itself; empty where that cannot be read. */
function chartOf(
  found: string,
  chart: string,
): { readonly name: string; readonly version: string } {
  const text = found.endsWith(".tgz")
    ? spawnSync("tar", ["-xOzf", found, `${chart}/Chart.yaml`], { encoding: "utf8" }).stdout
    : readFileSync(join(found, "Chart.yaml"), "utf8");
  const { name = "", version = "" } = (parse(text) ?? {}) as Partial<Record<string, unknown>>;
  return { name: String(name), version: String(version) };
}

/** Some charts write a v before their version, some do not, and bundlers add or drop it. */
function plain(version: string): string {
  return version.replace(/^v/, "");
}

/**
 * Packs a chart's folder; links are followed, as helm does. Templates that are nothing but definitions of custom
 * resources stay out: the bundle has those apart, and not every chart has a key that leaves them out.
 */
function packFolder(folder: string, chart: string): Buffer {
  const files: ArchiveFile[] = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => ({ path: `${chart}/${path}`, content: readFileSync(join(folder, path)) }))
    .filter(({ path, content }) => !/\/templates\//.test(path) || !onlyDefinitions(content));
  return tarGzOf(files);
}

function onlyDefinitions(template: Buffer): boolean {
  const kinds = [...template.toString("utf8").matchAll(/^kind:\s*"?(\w+)/gm)].map(
    ([, kind]) => kind,
  );
  return kinds.length > 0 && kinds.every((kind) => kind === "CustomResourceDefinition");
}
