import { dirname } from "node:path";
import type { SshConnection } from "./connection";
import { quote } from "./shell-quote";

/** Bytes that have arrived of a file; 0 where it is not there. */
export async function partSize(connection: SshConnection, part: string): Promise<number> {
  const said = await connection.run(
    "look for an earlier part",
    `stat -c %s ${quote(part)} 2>/dev/null || echo 0`,
  );
  return Number(said.trim());
}

/** SHA-256 of a file on the host, which reads all of it. */
export async function remoteDigest(connection: SshConnection, path: string): Promise<string> {
  const said = await connection.run("hash the file", `sha256sum ${quote(path)}`, {
    timeoutSeconds: 1800,
  });
  return said.replace(/^\\/, "").split(" ")[0] ?? "";
}

/** Free space for the login user on the disk that holds a path. */
export async function freeBytes(connection: SshConnection, path: string): Promise<number> {
  const said = await connection.run(
    "read the free space",
    `df -Pk ${quote(dirname(path))} | tail -n 1 | awk '{print $4}'`,
  );
  return Number(said.trim()) * 1024;
}
