import { access, constants, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { runProgram } from "./program";

/** Whether `path` is a file that may be run. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Every executable of this name along PATH, nearest first. */
export async function findOnPath(name: string, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const found: string[] = [];
  for (const folder of (environment.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    if (folder !== "" && !found.includes(path) && (await isExecutable(path))) found.push(path);
  }
  return found;
}

/** Whether `text` names exactly this version: `v1.2.3` is in "v1.2.3+g12" but not in "v1.2.30". */
export function namesVersion(text: string, version: string): boolean {
  const number = version.replace(/^v/, "").replaceAll(".", "\\.");
  return new RegExp(`(?<![0-9.])${number}(?![0-9]|\\.[0-9]|-)`).test(text);
}

/** Asks a program for its version. Returns why it is not the wanted one, or undefined. */
export async function versionFault(
  path: string,
  versionArguments: readonly string[],
  version: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const end = await runProgram(path, versionArguments, {
    // Pulumi would otherwise ask the network whether it is the newest.
    environment: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeoutSeconds: 20,
  });
  const said = `${end.stdout}\n${end.stderr}`.trim();
  if (end.code === 0 && namesVersion(said, version)) return undefined;
  const shown = said.split("\n")[0]?.slice(0, 120) || `exit code ${end.code}`;
  return `${path} is not ${version}: ${shown}`;
}
