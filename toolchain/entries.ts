import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { fileSha256, folderSha256 } from "./digest";
import type { ToolPin } from "./pins";
import type { Toolchain } from "./toolchain";

const entryFile = z.strictObject({
  format: z.literal(1),
  tool: z.string(),
  version: z.string(),
  origin: z.enum(["release", "build"]),
  seconds: z.number(),
  files: z.record(z.string(), z.strictObject({ sha256: z.string(), sizeBytes: z.number() })),
});

/** How a cached tool was had, and what it should look like. */
export type CacheEntry = z.infer<typeof entryFile>;

/** A place in the cache: not there, not as recorded, or good. */
export type CacheState =
  | { readonly state: "absent" }
  | { readonly state: "damaged"; readonly why: string }
  | { readonly state: "ready"; readonly entry: CacheEntry; readonly binFolder: string };

/** Folder of one tool's entry. Its name changes with the pin and with anything that it is built from. */
export async function entryFolder(toolchain: Toolchain, tool: string, pin: ToolPin) {
  const { version, release, build, versionArguments } = pin;
  const sources = build ? await folderSha256(join(toolchain.goModules, build.folder)) : "";
  const recipe = createHash("sha256")
    .update(JSON.stringify([version, versionArguments, release ?? null, build ?? null, sources]))
    .digest("hex");
  const name = `${tool}-${version}-${toolchain.architecture}-${recipe.slice(0, 12)}`;
  return join(toolchain.cache, "tools", name);
}

/** Looks at an entry. `thorough` reads every file and compares digests; else sizes must do. */
export async function readEntry(folder: string, thorough: boolean): Promise<CacheState> {
  let text: string;
  try {
    text = await readFile(join(folder, "entry.json"), "utf8");
  } catch {
    return { state: "absent" };
  }
  try {
    const entry = entryFile.parse(JSON.parse(text));
    const binFolder = join(folder, "bin");
    for (const [name, recorded] of Object.entries(entry.files)) {
      const path = join(binFolder, name);
      const fault =
        (await stat(path)).size !== recorded.sizeBytes ||
        (thorough && (await fileSha256(path)) !== recorded.sha256);
      if (fault) return { state: "damaged", why: `${path} is not as it was recorded` };
    }
    return { state: "ready", entry, binFolder };
  } catch (error) {
    return { state: "damaged", why: `${folder}: ${(error as Error).message}` };
  }
}

/** An empty folder on the cache's own filesystem, to fill and then {@link publish}. */
export async function workFolder(toolchain: Toolchain, tool: string): Promise<string> {
  const folder = join(toolchain.cache, "tmp", `tool-${tool}-${randomUUID().slice(0, 8)}`);
  await mkdir(join(folder, "bin"), { recursive: true });
  return folder;
}

/** Removes what interrupted runs left. Call it with the toolchain's lock held. */
export async function clearWorkFolders(toolchain: Toolchain): Promise<void> {
  const parent = join(toolchain.cache, "tmp");
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((name) => name.startsWith("tool-"))) {
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** Records what is in `work/bin` and moves the folder into its place in one step. */
export async function publish(
  work: string,
  folder: string,
  about: Pick<CacheEntry, "tool" | "version" | "origin" | "seconds">,
): Promise<void> {
  const files: CacheEntry["files"] = {};
  for (const name of await readdir(join(work, "bin"))) {
    const path = join(work, "bin", name);
    await chmod(path, 0o755);
    files[name] = { sha256: await fileSha256(path), sizeBytes: (await stat(path)).size };
  }
  const entry: CacheEntry = { format: 1, ...about, files };
  await writeFile(join(work, "entry.json"), `${JSON.stringify(entry, null, 2)}\n`);
  await mkdir(join(folder, ".."), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(work, folder);
}
