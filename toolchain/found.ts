import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { entryFolder, readEntry } from "./entries";
import { findOnPath, isExecutable, versionFault } from "./executable";
import type { Attempt } from "./missing";
import type { PluginName, ToolName } from "./pins";
import type { Toolchain } from "./toolchain";

/** Where a tool came from in this run. */
export type ToolSource = "machine" | "cache" | "release" | "build";

/** A tool or plugin that is ready to run. */
export interface Tool {
  /** Absolute path of the executable. */
  readonly path: string;
  readonly version: string;
  readonly source: ToolSource;
}

/** What looking around without network gave: the tool, or why it is not there. */
export type Found =
  | { readonly tool: Tool; readonly attempts: readonly Attempt[] }
  | { readonly tool: undefined; readonly attempts: readonly Attempt[] };

/** Looks on PATH, then in the cache. Fetches, builds and writes nothing. */
export async function findTool(
  toolchain: Toolchain,
  name: ToolName,
  thorough: boolean,
): Promise<Found> {
  const pin = toolchain.pins.tools[name];
  const attempts: Attempt[] = [];
  const candidates = await findOnPath(name, toolchain.environment);
  if (candidates.length === 0) attempts.push({ way: "this machine", why: "not on the PATH" });
  for (const path of candidates) {
    const fault = await versionFault(
      path,
      pin.versionArguments,
      pin.version,
      toolchain.environment,
    );
    if (!fault) return { tool: { path, version: pin.version, source: "machine" }, attempts };
    attempts.push({ way: "this machine", why: fault });
  }
  const cached = await readEntry(await entryFolder(toolchain, name, pin), thorough);
  if (cached.state === "ready") {
    const path = join(cached.binFolder, name);
    return { tool: { path, version: pin.version, source: "cache" }, attempts };
  }
  const why = cached.state === "damaged" ? cached.why : "not there yet";
  return { tool: undefined, attempts: [...attempts, { way: "cache", why }] };
}

/**
 * Looks for a real Pulumi plugin: where Pulumi itself installs plugins, whose folders carry the
 * version, or beside the tool whose release it is part of. A plugin on PATH is not taken: it
 * cannot be asked for its version.
 */
export async function findPlugin(
  toolchain: Toolchain,
  name: PluginName,
  beside?: Tool,
): Promise<Found> {
  const pin = toolchain.pins.plugins[name];
  const home = toolchain.environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const installed = join(home, "plugins", `resource-${name}-${pin.version}`, pin.executable);
  const candidates =
    pin.partOf === undefined
      ? [installed]
      : beside
        ? [join(dirname(await realpath(beside.path)), pin.executable)]
        : [];
  for (const path of candidates) {
    if (await isExecutable(path)) {
      const source = beside?.source ?? "machine";
      return { tool: { path, version: pin.version, source }, attempts: [] };
    }
  }
  const why = candidates.map((path) => `${path} is not there`).join("; ");
  const attempts = [{ way: "this machine", why: why || `${pin.partOf} is not there` } as const];
  return { tool: undefined, attempts };
}
