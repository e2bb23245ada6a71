import type { Dirent, Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ProviderFailure } from "../protocol/failure";
import { messageOf, type RemoteFiles } from "./remote-files";

/**
 * Copies a file or folder, with the real provider's rules for where it lands:
 * a file goes into a remote folder or takes the place of a remote file; a folder goes into the
 * remote folder under its own name, or with a trailing "/" only its content does; missing folders
 * are made; a folder onto a file is an error.
 */
export async function copyPath(files: RemoteFiles, source: string, target: string): Promise<void> {
  const entry = await checkLocal(source);
  const there = await files.stat(target);
  if (!entry.isDirectory()) {
    if (there?.isDirectory() === true) {
      return await copyFileTo(files, source, join(target, basename(source)));
    }
    if (there === undefined) await makeParents(files, target);
    return await copyFileTo(files, source, target);
  }
  if (there === undefined) {
    await makeFolders(files, target).catch((error: unknown) => {
      throw new ProviderFailure(`failed to create remote directory ${target}: ${messageOf(error)}`);
    });
  }
  const into = source.endsWith("/") ? target : join(target, basename(source));
  await copyFolder(files, source, into);
}

/** Writes text to a file, making its folders. */
export async function copyText(files: RemoteFiles, text: string, target: string): Promise<void> {
  if ((await files.stat(target))?.isDirectory() === true) {
    throw new ProviderFailure(
      `remote path ${target} is a directory; when using a text asset, remotePath must be a file path`,
    );
  }
  await makeParents(files, target);
  await files.write(target, text).catch((error: unknown) => {
    throw new ProviderFailure(`failed to create remote file ${target}: ${messageOf(error)}`);
  });
}

/** Copies one file's content. */
export async function copyFileTo(
  files: RemoteFiles,
  source: string,
  target: string,
): Promise<void> {
  await files.put(source, target).catch((error: unknown) => {
    throw new ProviderFailure(
      `failed to copy file ${source} to remote path ${target}: ${messageOf(error)}`,
    );
  });
}

/** What stands at a local path, links followed. */
export async function checkLocal(path: string): Promise<Stats> {
  return await stat(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "no such file or directory" : error.message;
    throw new ProviderFailure(`open ${path}: ${reason}`);
  });
}

async function copyFolder(files: RemoteFiles, source: string, target: string): Promise<void> {
  await ensureFolder(files, target);
  const entries = await readdir(source, { withFileTypes: true });
  for (const entry of entries.sort(byName)) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await copyFolder(files, from, to);
    else await copyFileTo(files, from, to);
  }
}

async function ensureFolder(files: RemoteFiles, path: string): Promise<void> {
  const there = await files.stat(path);
  if (there?.isDirectory() === true) return;
  if (there !== undefined) {
    throw new ProviderFailure(`remote path ${path} exists but is not a directory`);
  }
  await files.makeFolder(path).catch((error: unknown) => {
    throw new ProviderFailure(`failed to create remote directory ${path}: ${messageOf(error)}`);
  });
}

async function makeParents(files: RemoteFiles, path: string): Promise<void> {
  await makeFolders(files, dirname(path)).catch((error: unknown) => {
    throw new ProviderFailure(
      `failed to create parent directories for ${path}: ${messageOf(error)}`,
    );
  });
}

async function makeFolders(files: RemoteFiles, path: string): Promise<void> {
  const there = await files.stat(path);
  if (there?.isDirectory() === true) return;
  if (there !== undefined) throw new Error(`${path} is not a directory`);
  const parent = dirname(path);
  if (parent !== path) await makeFolders(files, parent);
  await files.makeFolder(path);
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}
