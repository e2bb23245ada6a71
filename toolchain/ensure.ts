import { rm } from "node:fs/promises";
import { join } from "node:path";
import { requireWritable } from "./cache";
import type { UnreachableHosts } from "./download";
import { clearWorkFolders, entryFolder, publish, readEntry, workFolder } from "./entries";
import { versionFault } from "./executable";
import { findPlugin, findTool, type Tool } from "./found";
import { buildFromModules, ModulesUnreachable } from "./go-build";
import { interruptible } from "./interrupt";
import { withLock } from "./lock";
import { type Attempt, type MissingTool, ToolsInterrupted, ToolsMissing } from "./missing";
import { type PluginName, pluginNames, type ToolName } from "./pins";
import { type OnProgress, type Report, reporterFor } from "./progress";
import { fetchRelease, releaseFile } from "./release";
import { type Toolchain, thisToolchain } from "./toolchain";

export interface EnsureOptions {
  readonly onProgress?: OnProgress;
  /** Stops downloads and builds; the promise then rejects with {@link ToolsInterrupted}. */
  readonly signal?: AbortSignal;
  /** Forbids the network. Default: SITEWRIGHT_OFFLINE=1. */
  readonly offline?: boolean;
  /** Default: this checkout's pins on this machine. */
  readonly toolchain?: Toolchain;
}

/** What one run knows while it gets tools. */
interface Run {
  readonly toolchain: Toolchain;
  readonly unreachable: UnreachableHosts;
  readonly signal: AbortSignal;
  /** No module proxy answered: later builds use what Go has, and do not wait for the same silence. */
  modulesUnreachable: boolean;
}

/** One try at filling the cache. Gives nothing when it worked, else why not. */
async function fill(
  run: Run,
  name: ToolName,
  origin: "release" | "build",
  report: Report,
): Promise<string | undefined> {
  const { toolchain, signal } = run;
  const pin = toolchain.pins.tools[name];
  const started = performance.now();
  const work = await workFolder(toolchain, name);
  try {
    if (origin === "release") {
      const file = pin.release && releaseFile(pin.release, pin.version, toolchain.architecture);
      if (!file) return "no digest of an official release is pinned";
      if (toolchain.offline) return "SITEWRIGHT_OFFLINE=1 forbids downloads";
      await fetchRelease(toolchain, name, file, work, { ...run, report });
    } else {
      if (!pin.build) return "it cannot be built from modules";
      const offline = toolchain.offline || run.modulesUnreachable;
      await buildFromModules({ ...toolchain, offline }, name, pin.version, pin.build, work, {
        signal,
        report,
      });
    }
    const program = join(work, "bin", name);
    const fault = await versionFault(program, pin.versionArguments, pin.version);
    if (fault) return fault;
    const seconds = Math.round((performance.now() - started) / 1000);
    const folder = await entryFolder(toolchain, name, pin);
    await publish(work, folder, { tool: name, version: pin.version, origin, seconds });
    return undefined;
  } catch (error) {
    if (error instanceof ModulesUnreachable) run.modulesUnreachable = true;
    return (error as Error).message;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Gets one tool that is neither on this machine nor in the cache. The lock is held. */
async function acquire(
  run: Run,
  name: ToolName,
  report: Report,
): Promise<Tool | readonly Attempt[]> {
  const { toolchain } = run;
  // Somebody else may have made it while we waited for the lock.
  const again = await findTool(toolchain, name, true);
  if (again.tool) return again.tool;
  const attempts = [...again.attempts];
  const folder = await entryFolder(toolchain, name, toolchain.pins.tools[name]);
  const ways = [
    { origin: "release", way: "official release" },
    { origin: "build", way: "Go modules" },
  ] as const;
  for (const { origin, way } of ways) {
    const why = await fill(run, name, origin, report);
    if (run.signal.aborted) throw new ToolsInterrupted();
    const made = why === undefined ? await readEntry(folder, false) : undefined;
    if (made?.state === "ready") {
      const { version } = toolchain.pins.tools[name];
      return { path: join(made.binFolder, name), version, source: origin };
    }
    attempts.push({ way, why: why ?? "it vanished from the cache" });
  }
  return attempts;
}

/**
 * Makes tools ready to run, each from the first of: this machine's PATH at the pinned version, the
 * cache, the official release with its pinned digest, a build from Go modules.
 *
 * Tries every tool before it gives up; then throws {@link ToolsMissing}, whose message says for
 * each what was tried, why it failed and what to do. Throws {@link ToolsInterrupted} on Ctrl-C.
 */
export async function ensureTools<Name extends ToolName>(
  names: readonly Name[],
  options: EnsureOptions = {},
): Promise<Record<Name, Tool>> {
  const given = options.toolchain ?? thisToolchain();
  const toolchain: Toolchain = { ...given, offline: options.offline ?? given.offline };
  const tools: Partial<Record<ToolName, Tool>> = {};
  const missing: MissingTool[] = [];
  const absent: { name: ToolName; report: Report }[] = [];
  for (const name of new Set<ToolName>(names)) {
    const report = reporterFor(name, options.onProgress);
    const { tool } = await findTool(toolchain, name, true);
    if (tool) {
      tools[name] = tool;
      report(
        "ready",
        `${tool.version}, ${tool.source === "machine" ? tool.path : "from the cache"}`,
      );
    } else absent.push({ name, report });
  }
  if (absent.length > 0) {
    await requireWritable(toolchain.cache);
    await interruptible(options.signal, async (signal) => {
      const run: Run = { toolchain, unreachable: new Map(), signal, modulesUnreachable: false };
      const work = async () => {
        await clearWorkFolders(toolchain);
        for (const { name } of absent) {
          const report = reporterFor(name, options.onProgress);
          const got = await acquire(run, name, report);
          if ("path" in got) {
            tools[name] = got;
            report("ready", `${got.version}, ${got.source === "build" ? "built" : "fetched"}`);
          } else {
            const { version, purpose, without } = toolchain.pins.tools[name];
            missing.push({ tool: name, version, purpose, without, attempts: got });
            report("failed", got.at(-1)?.why.split("\n")[0] ?? "could not be had");
          }
        }
      };
      await withLock(join(toolchain.cache, "locks", "tools"), work, {
        signal,
        onWait: () => {
          for (const { report } of absent) report("waiting", "another run is getting tools");
        },
      }).catch((error: unknown) => {
        throw signal.aborted ? new ToolsInterrupted() : error;
      });
    });
  }
  if (missing.length > 0) throw new ToolsMissing(missing);
  return tools as Record<Name, Tool>;
}

/**
 * The real Pulumi plugins that this machine has at the pinned versions. A name that is absent from
 * the answer needs a stand-in, which only a rehearsal may use.
 */
export async function findPlugins(
  pulumi: Tool,
  toolchain: Toolchain = thisToolchain(),
): Promise<Partial<Record<PluginName, Tool>>> {
  const plugins: Partial<Record<PluginName, Tool>> = {};
  for (const name of pluginNames) {
    const { tool } = await findPlugin(toolchain, name, pulumi);
    if (tool) plugins[name] = tool;
  }
  return plugins;
}
