import { randomBytes } from "node:crypto";

/** A new id: the prefix and eight random hexadecimal digits. */
export function uniqueId(prefix: string): string {
  return prefix + randomBytes(4).toString("hex");
}
