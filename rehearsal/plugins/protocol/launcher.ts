import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Root of the checkout that these stand-ins are part of. */
const checkout = resolve(__dirname, "../../..");

/** A stand-in that takes the place of a provider plugin. */
export interface ProviderStandIn {
  /** Package name, e.g. `random`; also the folder of the stand-in. */
  readonly name: string;
  /** Version of the real plugin, without "v". */
  readonly version: string;
}

/**
 * Puts the launcher of a provider stand-in where the engine looks for that plugin.
 *
 * @param pulumiHome folder given to the engine as PULUMI_HOME; must belong to one rehearsal.
 * @returns path of the launcher.
 */
export function installProvider(pulumiHome: string, { name, version }: ProviderStandIn): string {
  const file = join(
    pulumiHome,
    "plugins",
    `resource-${name}-v${version}`,
    `pulumi-resource-${name}`,
  );
  writeLauncher(file, join(checkout, "rehearsal/plugins", name, "main.ts"));
  return file;
}

/**
 * Puts the language host, and the host of dynamic providers, into a folder that is to stand on PATH.
 *
 * @returns paths of the launchers.
 */
export function installLanguageHost(folder: string): readonly string[] {
  const files = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"] as const;
  const mains = ["main.ts", "dynamic.ts"] as const;
  return files.map((name, i) => {
    const file = join(folder, name);
    writeLauncher(file, join(checkout, "rehearsal/plugins/language", mains[i] ?? "main.ts"));
    return file;
  });
}

function writeLauncher(file: string, main: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const register = join(checkout, "toolchain/register.js");
  // exec, so that the engine's signals and its pipe on standard input reach the stand-in itself.
  writeFileSync(
    file,
    [
      "#!/bin/sh",
      `exec ${quoted(process.execPath)} --require ${quoted(register)} ${quoted(main)} "$@"`,
      "",
    ].join("\n"),
  );
  chmodSync(file, 0o755);
}

/** One word for the shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
