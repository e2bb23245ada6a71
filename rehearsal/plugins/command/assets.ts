import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Archive, Asset, type PropertyMap } from "../protocol/values";
import { globPattern } from "./glob";

/** Files under a folder that the globs pick, by path relative to it; "!" takes files out again. */
export async function assetsAt(
  folder: string,
  globs: readonly string[],
): Promise<{ readonly [path: string]: Asset }> {
  const rules = globs.map((glob) => ({
    takesOut: glob.startsWith("!"),
    pattern: globPattern(glob.replace(/^!/, "")),
  }));
  const found: Record<string, Asset> = {};
  for (const path of await filesUnder(folder, "")) {
    const last = rules.filter(({ pattern }) => pattern.test(path)).at(-1);
    if (last === undefined || last.takesOut) continue;
    const file = join(folder, path);
    found[path] = new Asset({ path: file, hash: await sha256(file) });
  }
  return found satisfies PropertyMap;
}

/** The same files as one archive. */
export async function archiveAt(folder: string, globs: readonly string[]): Promise<Archive> {
  return new Archive({ assets: await assetsAt(folder, globs) });
}

async function filesUnder(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const lists = await Promise.all(
    entries.map(async (entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? await filesUnder(folder, path) : [path];
    }),
  );
  return lists.flat().sort();
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
