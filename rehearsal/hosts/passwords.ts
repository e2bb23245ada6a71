import { spawnSync } from "node:child_process";
import { toolPath } from "../machine";

/**
 * Hashes passwords for /etc/shadow (SHA-512 crypt). They go in on standard input, never in
 * arguments.
 * @throws when openssl fails.
 */
export function hashPasswords(passwords: readonly string[]): ReadonlyMap<string, string> {
  const wanted = [...new Set(passwords)];
  if (wanted.length === 0) return new Map();
  const result = spawnSync("openssl", ["passwd", "-6", "-stdin"], {
    input: `${wanted.join("\n")}\n`,
    encoding: "utf8",
    env: { PATH: toolPath() },
  });
  const hashes = (result.stdout ?? "").trim().split("\n");
  if (result.status !== 0 || hashes.length !== wanted.length) {
    throw new Error(`openssl could not hash the hosts' passwords: ${result.stderr ?? ""}`.trim());
  }
  return new Map(wanted.map((password, index) => [password, hashes[index] ?? "*"]));
}
