import { createHash } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FileBlueprint } from "../../site/blueprint-types";

/** Writes a file of a bundle, whole or not at all. @returns how the bundle's index describes it. */
export function putFile(folder: string, path: string, content: Buffer): FileBlueprint {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, content);
  renameSync(`${file}.part`, file);
  return {
    path,
    sha256: createHash("sha256").update(content).digest("hex"),
    sizeBytes: content.length,
  };
}
