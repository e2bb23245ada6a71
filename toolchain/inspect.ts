import { stat } from "node:fs/promises";
import { findPlugin, findTool, type Tool } from "./found";
import { findGo, type Go, goIsRecent, neededGo } from "./go-build";
import type { Attempt } from "./missing";
import { type PluginName, pluginNames, type ToolName, toolNames } from "./pins";
import { releaseFile } from "./release";
import { type Toolchain, thisToolchain } from "./toolchain";

/** What a report says about one tool. */
export interface ToolReport {
  readonly name: ToolName;
  readonly version: string;
  readonly purpose: string;
  /** Absent when the tool is not there yet. */
  readonly tool?: Tool & { readonly sizeBytes: number };
  /** Where it was looked for in vain. */
  readonly attempts: readonly Attempt[];
  /** How the next command that needs it will get it, in order; empty when it cannot. */
  readonly ways: readonly string[];
}

/** What a report says about one Pulumi plugin. */
export interface PluginReport {
  readonly name: PluginName;
  readonly version: string;
  readonly purpose: string;
  /** Absent when a rehearsal will use a stand-in. */
  readonly tool?: Tool;
}

function waysToGet(toolchain: Toolchain, name: ToolName, go: Go | undefined): string[] {
  const { release, build, version } = toolchain.pins.tools[name];
  const ways: string[] = [];
  if (release && releaseFile(release, version, toolchain.architecture) && !toolchain.offline) {
    ways.push(`official release, ${release.sizeMiB} MiB`);
  }
  if (build && go !== undefined) {
    const need = neededGo(toolchain, build);
    const recent = goIsRecent(go.version, need);
    const first = recent ? "" : `Go ${need} in place of ${go.version}, then `;
    if (recent || !toolchain.offline) ways.push(`${first}a build of about ${build.minutes} min`);
  }
  return ways;
}

/** Says which tools are there and how the others would be had. Asks no network and builds nothing. */
export async function inspectTools(
  names: readonly ToolName[] = toolNames,
  toolchain: Toolchain = thisToolchain(),
): Promise<ToolReport[]> {
  const go = await findGo(toolchain);
  return Promise.all(
    names.map(async (name) => {
      const { version, purpose } = toolchain.pins.tools[name];
      const { tool, attempts } = await findTool(toolchain, name, true);
      if (!tool) {
        return { name, version, purpose, attempts, ways: waysToGet(toolchain, name, go) };
      }
      const sizeBytes = (await stat(tool.path)).size;
      return { name, version, purpose, attempts, ways: [], tool: { ...tool, sizeBytes } };
    }),
  );
}

/** Says which Pulumi plugins are real here. */
export async function inspectPlugins(
  pulumi: Tool | undefined,
  toolchain: Toolchain = thisToolchain(),
): Promise<PluginReport[]> {
  return Promise.all(
    pluginNames.map(async (name) => {
      const { version, purpose } = toolchain.pins.plugins[name];
      const { tool } = await findPlugin(toolchain, name, pulumi);
      return { name, version, purpose, ...(tool ? { tool } : {}) };
    }),
  );
}
