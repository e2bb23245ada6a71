import { access, constants, mkdir, readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { RunError } from "../site/run-error";

/** `${SITEWRIGHT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sitewright}`, absolute. May not exist yet. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.SITEWRIGHT_CACHE) return resolve(environment.SITEWRIGHT_CACHE);
  const home = environment.HOME || homedir();
  return join(resolve(environment.XDG_CACHE_HOME || join(home, ".cache")), "sitewright");
}

/** Makes the cache's folder if need be. Throws what to do when it cannot be written. */
export async function requireWritable(cache: string): Promise<void> {
  try {
    await mkdir(cache, { recursive: true });
    await access(cache, constants.W_OK);
  } catch (error) {
    throw new RunError(`The cache folder ${cache} cannot be written: ${(error as Error).message}`, {
      exitCode: 5,
      nextStep: "make it writable, or set SITEWRIGHT_CACHE to a folder that is",
    });
  }
}

/** What a folder holds. */
export interface FolderWeight {
  readonly files: number;
  readonly sizeBytes: number;
}

/** Counts the files under a folder without following links; nothing where there is no folder. */
export async function weighFolder(folder: string): Promise<FolderWeight> {
  let files = 0;
  let sizeBytes = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    files += 1;
    sizeBytes += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  }
  return { files, sizeBytes };
}
