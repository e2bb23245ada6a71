import { existsSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import { cpus, freemem, release, totalmem } from "node:os";
import { dirname } from "node:path";
import { machineFacts, machineProblems } from "../../rehearsal/machine";
import { weighFolder } from "../../toolchain/cache";
import { inspectDebianLayer, missingPrograms } from "../../toolchain/debian-layer";
import { findOnPath } from "../../toolchain/executable";
import {
  inspectPlugins,
  inspectTools,
  type PluginReport,
  type ToolReport,
} from "../../toolchain/inspect";
import { probeReach, type Reach } from "../../toolchain/reach";
import { type Toolchain, thisToolchain } from "../../toolchain/toolchain";

const bytesPerGiB = 2 ** 30;

/** What this machine has and lacks, as `doctor --json` prints it. */
export interface Examination {
  readonly machine: {
    readonly system: string;
    readonly architecture: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly freeMemoryGiB: number;
    readonly node: string;
  };
  /** Why rehearsals cannot run here, one sentence each; empty when they can. */
  readonly rehearsalProblems: readonly string[];
  readonly tools: readonly ToolReport[];
  readonly plugins: readonly PluginReport[];
  readonly hostPackages: {
    /** `cache`, `machine`, `download` (will be fetched by apt-get) or `none`. */
    readonly from: "cache" | "machine" | "download" | "none";
    readonly packages: number;
    readonly missing: readonly string[];
  };
  readonly cache: {
    readonly folder: string;
    readonly sizeGiB: number;
    readonly freeDiskGiB: number;
  };
  /** Only with --online. */
  readonly reach?: readonly Reach[];
  /** What stops work here, one sentence each. Empty means exit code 0. */
  readonly lacks: readonly string[];
}

const oneDigit = (value: number) => Math.round(value * 10) / 10;

async function systemName(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(text)?.[1];
  return `${name ?? process.platform}, kernel ${release()}`;
}

async function freeDiskGiB(folder: string): Promise<number> {
  let place = folder;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = await statfs(place);
  return oneDigit((bavail * bsize) / bytesPerGiB);
}

async function examineHostPackages(toolchain: Toolchain): Promise<Examination["hostPackages"]> {
  const layer = await inspectDebianLayer(toolchain.cache);
  const missing = missingPrograms();
  if (layer) return { from: "cache", packages: layer.packages.length, missing: [] };
  if (missing.length === 0) return { from: "machine", packages: 0, missing };
  const apt = await findOnPath("apt-get", toolchain.environment);
  const from = apt.length > 0 && !toolchain.offline ? "download" : "none";
  return { from, packages: 0, missing };
}

function lacksOf(examination: Omit<Examination, "lacks">): string[] {
  const lacks = [...examination.rehearsalProblems];
  for (const { name, version, tool, ways } of examination.tools) {
    if (tool || ways.length > 0) continue;
    lacks.push(
      `${name} ${version} cannot be had: install a recent Go, or put ${name} ${version} on the PATH.`,
    );
  }
  const { from, missing } = examination.hostPackages;
  if (from === "none") {
    lacks.push(
      `Rehearsals lack ${missing.join(", ")}: install them, or run once where apt-get works.`,
    );
  }
  return lacks;
}

/** Looks at this machine. Starts nothing that stays, and asks the network only when `online`. */
export async function examine(
  online: boolean,
  toolchain: Toolchain = thisToolchain(),
): Promise<Examination> {
  const tools = await inspectTools(undefined, toolchain);
  const pulumi = tools.find(({ name }) => name === "pulumi")?.tool;
  const found = {
    machine: {
      system: await systemName(),
      architecture: toolchain.architecture,
      cores: cpus().length,
      memoryGiB: oneDigit(totalmem() / bytesPerGiB),
      freeMemoryGiB: oneDigit(freemem() / bytesPerGiB),
      node: process.version,
    },
    rehearsalProblems: machineProblems(machineFacts()),
    tools,
    plugins: await inspectPlugins(pulumi, toolchain),
    hostPackages: await examineHostPackages(toolchain),
    cache: {
      folder: toolchain.cache,
      sizeGiB: oneDigit((await weighFolder(toolchain.cache)).sizeBytes / bytesPerGiB),
      freeDiskGiB: await freeDiskGiB(toolchain.cache),
    },
    ...(online ? { reach: await probeReach(toolchain) } : {}),
  };
  return { ...found, lacks: lacksOf(found) };
}
