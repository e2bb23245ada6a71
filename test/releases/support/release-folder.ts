import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { projectRoot } from "../../../site/load";

/** A project with releases of its own and the real catalogue. */
export interface ReleaseFolder {
  readonly root: string;
  /** Writes a release: its text, or plain data that is written out. */
  write(name: string, content: unknown): void;
  remove(): void;
}

export function makeReleases(releases: Readonly<Record<string, unknown>>): ReleaseFolder {
  const root = mkdtempSync(join(tmpdir(), "sitewright-releases-"));
  cpSync(join(projectRoot, "catalogue"), join(root, "catalogue"), { recursive: true });
  mkdirSync(join(root, "releases"));
  const write = (name: string, content: unknown) =>
    writeFileSync(
      join(root, "releases", `${name}.yaml`),
      typeof content === "string" ? content : stringify(content),
    );
  for (const [name, content] of Object.entries(releases)) write(name, content);
  return { root, write, remove: () => rmSync(root, { recursive: true, force: true }) };
}
