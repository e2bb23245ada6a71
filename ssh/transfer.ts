import { createHash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import type { SshConnection } from "./connection";
import { freeBytes, partSize, remoteDigest } from "./remote-file";
import type { Session } from "./session";
import { upload } from "./sftp-upload";
import { quote } from "./shell-quote";
import { SshError } from "./ssh-error";
import { describeHost } from "./target";
import { damagedBundle, diskFull, mebibytes, writeProblem } from "./transfer-error";
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
      await upload(sftp, local, part, offset, file, (chunk) => {
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

async function requireSpace(
  connection: SshConnection,
  file: Transfer,
  sent: number,
): Promise<void> {
  const free = await freeBytes(connection, file.remotePath);
  const needed = file.sizeBytes - sent + SPARE_MIB * 1024 * 1024;
  if (free < needed) throw diskFull(connection, file, needed, free);
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
