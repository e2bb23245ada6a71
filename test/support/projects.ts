import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../../site/load";

/** A project folder of its own with the real catalogue and releases, for tests that spoil files. */
export interface Project {
  readonly root: string;
  write(file: string, content: string | Uint8Array): void;
  remove(): void;
}

export function makeProject(): Project {
  const root = mkdtempSync(join(tmpdir(), "sitewright-project-"));
  for (const folder of ["catalogue", "releases"]) {
    cpSync(join(projectRoot, folder), join(root, folder), { recursive: true });
  }
  return {
    root,
    write(file, content) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
