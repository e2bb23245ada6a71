import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Rehearsal } from "../folders";
import { installLanguageHost, installProvider } from "../plugins/protocol/launcher";
import { toolsFolder } from "./environment";
import type { RehearsalTools } from "./tools";

/** One Pulumi plugin of a rehearsal, and whether it is the real one. */
export interface PluginChoice {
  readonly name: string;
  readonly version: string;
  readonly real: boolean;
}

const providers = ["random", "command", "kubernetes"] as const;

/** Puts every plugin where this rehearsal's engine looks for it: the real one where there is one, else the stand-in. */
export function installPlugins(rehearsal: Rehearsal, tools: RehearsalTools): PluginChoice[] {
  const bin = join(toolsFolder(rehearsal), "bin");
  const choices = providers.map((name): PluginChoice => {
    const version = packageVersion(`@pulumi/${name}`);
    const real = tools.plugins[name];
    if (real === undefined) installProvider(rehearsal.folders.pulumiHome, { name, version });
    else linkProvider(rehearsal.folders.pulumiHome, name, version, real);
    return { name, version, real: real !== undefined };
  });
  const language = tools.plugins["language-nodejs"];
  if (language === undefined) installLanguageHost(bin);
  else {
    for (const name of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
      symlinkSync(join(dirname(language), name), join(bin, name));
    }
  }
  const sdk = packageVersion("@pulumi/pulumi");
  return [{ name: "nodejs", version: sdk, real: language !== undefined }, ...choices];
}

function linkProvider(pulumiHome: string, name: string, version: string, path: string): void {
  const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
  mkdirSync(folder, { recursive: true });
  symlinkSync(path, join(folder, `pulumi-resource-${name}`));
}

function packageVersion(name: string): string {
  return (require(`${name}/package.json`) as { version: string }).version;
}
