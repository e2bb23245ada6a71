import { createHash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { SFTPWrapper } from "ssh2";
import type { SshConnection } from "./connection";
import type { Session } from "./session";
import { quote } from "./shell-quote";
import { SshError } from "./ssh-error";
import { describeHost } from "./target";
import { TransferProgress } from "./transfer-progress";

/** A large file of the bundle on its way to a host. */
export interface Transfer {
  readonly localPath: string;
  readonly remotePath: string;
  /** Digest and size as the bundle states them; both ends are held against it. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Permission bits of the file, for example 0o700. */
  readonly mode: number;
}

/** Bytes of one SFTP write, and how many are under way at once: enough for 50 MiB/s at 40 ms. */
const WRITE_BYTES = 32 * 1024;
const WRITES_AT_ONCE = 64;

/** Left free on the disk besides the file. */
const SPARE_MIB = 64;

/**
 * Copies a file so that it may be cut at any moment: what has arrived stays as `<path>.part` and is built upon,
 * and a file already there with the right digest is not sent again. Says true when bytes were sent. The folder
 * must belong to the login user. Throws SshError.
 */
export async function sendFile(session: Session, file: Transfer): Promise<boolean> {
  const size = await stat(file.localPath).then(
    (found) => found.size,
    () => undefined,
  );
  if (size !== file.sizeBytes) {
    const is = size === undefined ? "is not there" : `has ${size} bytes`;
    throw damagedBundle(session, file, `${is} instead of ${file.sizeBytes} bytes`);
  }
  if (await session.steadily((connection) => alreadyThere(connection, file))) {
    session.say(`${file.remotePath} is already on ${session.target.name}`);
    return false;
  }
  await session.steadily((connection) => send(session, connection, file));
  session.say(`${file.remotePath} is on ${session.target.name}, checksum right`);
  return true;
}

/** Looks at the note beside the file first; hashes the file there only when the note does not fit it. */
async function alreadyThere(connection: SshConnection, file: Transfer): Promise<boolean> {
  const path = quote(file.remotePath);
  const script = `
[ -f ${path} ] || exit 0
now=$(stat -c '%s %Y' ${path})
[ "$(cat ${path}.sha256 2>/dev/null)" = "${file.sha256} $now" ] && { echo yes; exit 0; }
[ "\${now% *}" = ${file.sizeBytes} ] || exit 0
[ "$(sha256sum ${path} | cut -d' ' -f1)" = ${file.sha256} ] || exit 0
echo "${file.sha256} $now" > ${path}.sha256
echo yes`;
  const said = await connection.run("look for the file", script, { timeoutSeconds: 1800 });
  return said.trim() === "yes";
}

async function send(session: Session, connection: SshConnection, file: Transfer): Promise<void> {
  const part = `${file.remotePath}.part`;
  const local = await open(file.localPath, "r");
  try {
    const hash = createHash("sha256");
    let offset = await partSize(connection, part);
    if (offset > file.sizeBytes) offset = 0;
    if (offset > 0) {
      await readInto(local, offset, (chunk) => hash.update(chunk));
      const ours = hash.copy().digest("hex");
      if (ours !== (await remoteDigest(connection, part))) {
        session.say(`${part} does not fit the file; sending it from the start`);
        await local.close();
        await connection.run("drop the unfitting part", `rm -f ${quote(part)}`);
        return await send(session, connection, file);
      }
      session.say(`going on with ${part} at ${mebibytes(offset)} MiB`);
    }
    await requireSpace(connection, file, offset);
    const sftp = await connection.sftp();
    const progress = new TransferProgress(session.say, file.remotePath, offset, file.sizeBytes);
    try {
      await write(sftp, local, part, offset, file, (chunk) => {
        hash.update(chunk);
        progress.add(chunk.length);
      });
    } catch (error) {
      throw await writeProblem(connection, file, error);
    }
    if (hash.digest("hex") !== file.sha256) {
      await connection.run("drop the damaged part", `rm -f ${quote(part)}`);
      throw damagedBundle(session, file, `does not have the SHA-256 ${file.sha256}`);
    }
    if ((await remoteDigest(connection, part)) !== file.sha256) {
      await connection.run("drop the damaged part", `rm -f ${quote(part)}`);
      const host = describeHost(connection.target);
      throw new SshError(
        "transfer-damaged",
        host,
        `${file.remotePath} arrived damaged on ${host}`,
        "check the disk and memory of the host (dmesg), then run the same command again",
      );
    }
    const [from, to] = [quote(part), quote(file.remotePath)];
    await connection.run(
      "put the file in its place",
      `chmod ${file.mode.toString(8)} ${from} && mv -f ${from} ${to} && echo "${file.sha256} $(stat -c '%s %Y' ${to})" > ${to}.sha256`,
    );
  } finally {
    await local.close().catch(() => {});
  }
}

async function partSize(connection: SshConnection, part: string): Promise<number> {
  const said = await connection.run(
    "look for an earlier part",
    `stat -c %s ${quote(part)} 2>/dev/null || echo 0`,
  );
  return Number(said.trim());
}

async function remoteDigest(connection: SshConnection, path: string): Promise<string> {
  const said = await connection.run("hash the file", `sha256sum ${quote(path)}`, {
    timeoutSeconds: 1800,
  });
  return said.replace(/^\\/, "").split(" ")[0] ?? "";
}

async function freeBytes(connection: SshConnection, path: string): Promise<number> {
  const said = await connection.run(
    "read the free space",
    `df -Pk ${quote(dirname(path))} | tail -n 1 | awk '{print $4}'`,
  );
  return Number(said.trim()) * 1024;
}

async function requireSpace(
  connection: SshConnection,
  file: Transfer,
  sent: number,
): Promise<void> {
  const free = await freeBytes(connection, file.remotePath);
  const needed = file.sizeBytes - sent + SPARE_MIB * 1024 * 1024;
  if (free < needed) throw diskFull(connection, file, needed, free);
}

function diskFull(connection: SshConnection, file: Transfer, needed: number, free: number) {
  const host = describeHost(connection.target);
  return new SshError(
    "disk-full",
    host,
    `${host}: no room for ${file.remotePath}: needs ${mebibytes(needed)} MiB, ${mebibytes(free)} MiB are free in ${dirname(file.remotePath)}`,
    "free space there, or give the site a work folder on a larger disk; what has arrived is kept",
  );
}

/** SFTP says no more than "Failure": a full disk is told by looking. */
async function writeProblem(
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
  if (free < WRITE_BYTES * WRITES_AT_ONCE) return diskFull(connection, file, file.sizeBytes, free);
  return new SshError(
    "command-failed",
    host,
    `${host}: could not write ${file.remotePath}: ${error instanceof Error ? error.message : error}`,
    "check that the work folder belongs to the login user and its disk is writable",
  );
}

/** Writes the local file from `offset` on, several writes under way at once. */
async function write(
  sftp: SFTPWrapper,
  local: FileHandle,
  part: string,
  offset: number,
  file: Transfer,
  read: (chunk: Buffer) => void,
): Promise<void> {
  const handle = await new Promise<Buffer>((resolve, reject) => {
    sftp.open(part, offset > 0 ? "r+" : "w", { mode: 0o600 }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    );
  });
  const underway = new Set<Promise<void>>();
  let failure: unknown;
  // The session may end without answering a write; its close ends the wait.
  let closed: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const onClose = () => {
    failure ??= new Error("the SFTP session was closed");
    closed();
  };
  sftp.once("close", onClose);
  try {
    for (let at = offset; at < file.sizeBytes && failure === undefined; ) {
      const chunk = Buffer.allocUnsafe(Math.min(WRITE_BYTES, file.sizeBytes - at));
      const { bytesRead } = await local.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) throw new Error(`${file.localPath} became shorter while it was sent`);
      const bytes = chunk.subarray(0, bytesRead);
      read(bytes);
      const written = new Promise<void>((resolve) => {
        sftp.write(handle, bytes, 0, bytes.length, at, (error) => {
          if (error) failure ??= error;
          resolve();
        });
      }).then(() => {
        underway.delete(written);
      });
      underway.add(written);
      at += bytesRead;
      if (underway.size >= WRITES_AT_ONCE) await Promise.race([...underway, gone]);
    }
    await Promise.race([Promise.all(underway), gone]);
    if (failure !== undefined) throw failure;
    await new Promise<void>((resolve, reject) => {
      sftp.close(handle, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    sftp.removeListener("close", onClose);
  }
}

async function readInto(
  local: FileHandle,
  length: number,
  take: (chunk: Buffer) => void,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await local.read(buffer, 0, Math.min(buffer.length, length - at), at);
    if (bytesRead === 0) return;
    take(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

function damagedBundle(session: Session, file: Transfer, what: string): SshError {
  return new SshError(
    "local-file",
    describeHost(session.target),
    `${file.localPath} ${what}, as bundle.json states`,
    "fetch or build the bundle again; nothing was changed on the host",
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0);
}
