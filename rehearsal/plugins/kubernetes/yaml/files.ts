import { globSync, readFileSync } from "node:fs";
import { ProviderFailure } from "../../protocol/failure";
import type { KubeObject } from "../objects/kube-object";
import { decodeYaml } from "./decode";

/**
 * The objects in a file, or with `glob` in every file that a pattern matches.
 * Errors for addresses: nothing is fetched from a network here.
 */
export function decodeFiles(file: string, glob: boolean): KubeObject[] {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(file)) {
    throw new ProviderFailure(
      `The rehearsal's stand-in reads no YAML from the network (${file}). Save the file beside the program and name its path.`,
    );
  }
  const isPattern = glob && /(?:^|[^\\])[*?[]/.test(file);
  const paths = isPattern ? globSync(file).sort() : [file];
  return paths.flatMap((path) => decodeYaml(readText(path), path));
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ProviderFailure(`reading YAML file from disk: ${(error as Error).message}`);
  }
}
