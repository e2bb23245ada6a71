import { type RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import type { PropertyValue } from "../protocol/values";
import { childEnd, startNode } from "./child";
import { runtimeOptions } from "./options";
import { programModule, type SdkCommand } from "./sdk";

/** Runs a plugin written for Node.js (a policy pack, a provider) and streams what it prints. */
export async function runPlugin(
  request: RunPluginRequest,
  write: (response: RunPluginResponse) => void,
  signal: AbortSignal,
): Promise<void> {
  const child = startNode(pluginArguments(request), {
    cwd: pluginFolder(request),
    env: { ...process.env, ...parseEnvironment(request.getEnvList()) },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  child.stdout?.on("data", (chunk: Buffer) => {
    const response = new RunPluginResponse();
    response.setStdout(chunk);
    write(response);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    const response = new RunPluginResponse();
    response.setStderr(chunk);
    write(response);
  });
  const end = await childEnd(child);
  const response = new RunPluginResponse();
  response.setExitcode(typeof end === "number" ? end : 1);
  write(response);
}

/** Arguments for node: the SDK's entry point for this kind of plugin, then what the engine gave. */
export function pluginArguments(request: RunPluginRequest): string[] {
  const info = request.getInfo();
  const folder = pluginFolder(request);
  const options = runtimeOptions((info?.getOptions()?.toJavaScript() ?? {}) as PropertyValue);
  const entry = info?.getEntryPoint() || ".";
  const command: SdkCommand = request.getKind() === "analyzer" ? "run-policy-pack" : "run-plugin";
  const module = programModule(folder, command);
  // A policy pack is loaded as the second argument, after the engine's address; others as the first.
  return command === "run-policy-pack"
    ? [module, ...request.getArgsList(), entry]
    : [...options.nodeArgs, module, entry, ...request.getArgsList()];
}

function pluginFolder(request: RunPluginRequest): string {
  return request.getInfo()?.getProgramDirectory() || request.getPwd();
}

function parseEnvironment(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((entry) => {
      const at = entry.indexOf("=");
      return at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}
