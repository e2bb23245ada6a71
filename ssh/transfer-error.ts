import { dirname } from "node:path";
import type { SshConnection } from "./connection";
import { freeBytes } from "./remote-file";
import type { Session } from "./session";
import { BYTES_UNDER_WAY } from "./sftp-upload";
import { SshError } from "./ssh-error";
import { describeHost } from "./target";
import type { Transfer } from "./transfer";

/** Error for a disk without room for a file; sizes in bytes. */
export function diskFull(
  connection: SshConnection,
  file: Transfer,
  needed: number,
  free: number,
): SshError {
  const host = describeHost(connection.target);
  return new SshError(
    "disk-full",
    host,
    `${host}: no room for ${file.remotePath}: needs ${mebibytes(needed)} MiB, ${mebibytes(free)} MiB are free in ${dirname(file.remotePath)}`,
    "free space there, or give the site a work folder on a larger disk; what has arrived is kept",
  );
}

/** What a failed write means. SFTP says no more than "Failure": a full disk is told by looking. */
export async function writeProblem(
  connection: SshConnection,
  file: Transfer,
  error: unknown,
): Promise<unknown> {
  if (error instanceof SshError) return error;
  const host = describeHost(connection.target);
  if (!connection.open) {
    return new SshError(
      "connection-lost",
      host,
      `the connection to ${host} was lost while sending ${file.remotePath}`,
      "run the same command again; what has arrived is kept",
    );
  }
  const free = await freeBytes(connection, file.remotePath);
  if (free < BYTES_UNDER_WAY) return diskFull(connection, file, file.sizeBytes, free);
  return new SshError(
    "command-failed",
    host,
    `${host}: could not write ${file.remotePath}: ${error instanceof Error ? error.message : error}`,
    "check that the work folder belongs to the login user and its disk is writable",
  );
}

/** Error for a file of the bundle that is not what bundle.json states. */
export function damagedBundle(session: Session, file: Transfer, what: string): SshError {
  return new SshError(
    "local-file",
    describeHost(session.target),
    `${file.localPath} ${what}, as bundle.json states`,
    "fetch or build the bundle again; nothing was changed on the host",
  );
}

/** Bytes as MiB for people, without the unit. */
export function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0);
}
