import type { FileHandle } from "node:fs/promises";
import type { SFTPWrapper } from "ssh2";
import type { Transfer } from "./transfer";

/** Bytes of one SFTP write, and how many are under way at once: enough for 50 MiB/s at 40 ms. */
const WRITE_BYTES = 32 * 1024;
const WRITES_AT_ONCE = 64;

/** Most that a host may hold of a file without having answered for it. */
export const BYTES_UNDER_WAY = WRITE_BYTES * WRITES_AT_ONCE;

/**
 * Writes an open local file from `offset` on into `part`, several writes under way at once. `read` gets every
 * chunk in order. Rejects with the session's own error; never waits for a session that has ended.
 */
export async function upload(
  sftp: SFTPWrapper,
  local: FileHandle,
  part: string,
  offset: number,
  file: Pick<Transfer, "localPath" | "sizeBytes">,
  read: (chunk: Buffer) => void,
): Promise<void> {
  const underway = new Set<Promise<void>>();
  let failure: unknown;
  // The session may end without answering a request; its close ends the wait.
  let closed: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const onClose = () => {
    failure ??= new Error("the SFTP session was closed");
    closed();
  };
  const lost = gone.then(() => Promise.reject(failure));
  lost.catch(() => {});
  sftp.once("close", onClose);
  try {
    const opened = new Promise<Buffer>((resolve, reject) => {
      const flags = offset > 0 ? "r+" : "w";
      sftp.open(part, flags, { mode: 0o600 }, (error, handle) =>
        error ? reject(error) : resolve(handle),
      );
    });
    const handle = await Promise.race([opened, lost]);
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
    const ended = new Promise<void>((resolve, reject) => {
      sftp.close(handle, (error) => (error ? reject(error) : resolve()));
    });
    await Promise.race([ended, lost]);
  } finally {
    sftp.removeListener("close", onClose);
  }
}
