import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** `${SITEWRIGHT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sitewright}`, absolute. May not exist yet. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.SITEWRIGHT_CACHE) return resolve(environment.SITEWRIGHT_CACHE);
  const home = environment.HOME || homedir();
  return join(resolve(environment.XDG_CACHE_HOME || join(home, ".cache")), "sitewright");
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
