import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative, sep } from "node:path";
import { repositoryIdentity } from "../../site/platform/delivery-repositories";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { type Index, indexName, indexText, readIndex } from "./index-file";
import type { RenderedFile } from "./render";

/** Writing into somebody's working copy: what we wrote is kept as it should be, and nothing else is touched. */

export interface FolderWish {
  /** Working copy of the configuration repository. */
  readonly root: string;
  /** Folder below it. */
  readonly path: string;
  readonly site: string;
  readonly namespace: string;
  readonly files: readonly RenderedFile[];
  /** Whether a folder that holds other files, and files of the same names, may be taken over. */
  readonly adopt: boolean;
}

export interface FolderChanges {
  readonly folder: string;
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
}

/**
 * Brings a folder to what is wished. A second time it changes nothing, not even a date.
 * @throws RunError before anything is changed when the folder is not ours to write
 */
export function writeFolder(wish: FolderWish): FolderChanges {
  const { site, namespace, files } = wish;
  const folder = join(wish.root, wish.path);
  inside(wish.root, folder);
  const before = known(folder, wish);
  const names = files.map(({ name }) => name);
  const changed = files.filter(({ name, text }) => contentOf(join(folder, name)) !== text);
  const removed = (before?.files ?? [])
    .filter((name) => !names.includes(name))
    .filter((name) => existsSync(join(folder, name)));
  const index = (list: readonly string[]) =>
    indexText({ format: 1, site, namespace, files: [...list].sort() });
  const wanted = index(names);
  const result = {
    folder,
    written: changed.map(({ name }) => name),
    removed,
    unchanged: files.length - changed.length,
  };
  if (changed.length + removed.length === 0 && contentOf(join(folder, indexName)) === wanted) {
    return result;
  }
  mkdirSync(folder, { recursive: true });
  // First what was and what is to be: a run that is broken off leaves no file that nobody knows.
  writeFileSync(join(folder, indexName), index([...new Set([...(before?.files ?? []), ...names])]));
  for (const { name, text } of changed) writeFileSync(join(folder, name), text);
  for (const name of removed) rmSync(join(folder, name));
  writeFileSync(join(folder, indexName), wanted);
  return result;
}

/** Refuses the working copy of a repository with code: Argo CD must not follow what every developer may change. */
export function refuseCode(root: string, codeRepository: string | undefined, own: string): void {
  if (existsSync(root) && statSync(root).isDirectory()) {
    const project = realpathSync(root) === realpathSync(own);
    const code = remotes(root).find(
      (url) =>
        codeRepository !== undefined &&
        repositoryIdentity(url) === repositoryIdentity(codeRepository),
    );
    if (!project && code === undefined) return;
    throw refused(
      `${root} is ${project ? "this project's own folder" : `a working copy of ${code}, which holds code`}`,
      "name a working copy of the configuration repository",
    );
  }
  throw refused(`${root} is not a folder`, "clone the configuration repository first");
}

/** Addresses of the repositories that a working copy belongs to. */
function remotes(root: string): readonly string[] {
  const config = contentOf(join(root, ".git", "config")) ?? "";
  return [...config.matchAll(/^\s*url\s*=\s*(\S+)\s*$/gm)].map(([, url = ""]) => url);
}

/** What we wrote there before; undefined where nothing is. @throws RunError where others' files are. */
function known(folder: string, wish: FolderWish): Index | undefined {
  if (!existsSync(folder)) return undefined;
  const { site, namespace, files, adopt } = wish;
  const index = readIndex(folder);
  if (index !== undefined && (index.site !== site || index.namespace !== namespace)) {
    throw refused(
      `${folder} holds ${index.namespace} of ${index.site}, not ${namespace} of ${site}`,
      "name another working copy, or state another path in delivery.product",
    );
  }
  for (const name of [indexName, ...files.map((file) => file.name), ...(index?.files ?? [])]) {
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (found !== undefined && !found.isFile()) {
      throw refused(`${join(folder, name)} is no plain file`, "remove it");
    }
  }
  if (adopt) return index;
  const others = readdirSync(folder);
  if (index === undefined && others.length > 0) {
    throw refused(
      `${folder} holds files that Sitewright did not write: ${others.slice(0, 3).join(", ")}`,
      "name another folder; or add --adopt, which writes over files of the same names and leaves the rest",
    );
  }
  const strange = files.find(
    ({ name }) => index?.files.includes(name) === false && others.includes(name),
  );
  if (strange !== undefined) {
    throw refused(
      `${join(folder, strange.name)} would be written, and Sitewright did not write what is there`,
      "rename that file, or add --adopt to have it written over",
    );
  }
  return index;
}

/** No link leads out of the working copy. */
function inside(root: string, folder: string): void {
  const real = realpathSync(root);
  let at = root;
  for (const step of relative(root, folder).split(sep)) {
    at = join(at, step);
    if (!existsSync(at)) return;
    if (!realpathSync(at).startsWith(`${real}${sep}`) || !statSync(at).isDirectory()) {
      throw refused(`${at} is no folder of the working copy`, "remove it");
    }
  }
}

function contentOf(file: string): string | undefined {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true ? readFileSync(file, "utf8") : undefined;
}

function refused(message: string, nextStep: string): RunError {
  return new RunError(message, { nextStep, exitCode: exitCodes.usage });
}
