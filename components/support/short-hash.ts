import { createHash } from "node:crypto";

/** The first 16 hexadecimal characters of a text's SHA-256, which stand for it in annotations and names of objects. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
