import { execFile } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * Standard streams for a command. Node.js itself gives a child sockets, and those cannot be opened as
 * /dev/stdin, /dev/stdout or /dev/stderr, which scripts rightly do.
 */
export interface Streams {
  /** Ends for the command, in the order of its file descriptors. */
  readonly stdio: ["ignore" | number, number, number];
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** Closes the command's ends here, once it has been started. */
  release(): void;
}

/** Makes the streams. Without input, standard input is /dev/null. */
export async function openStreams(input: string): Promise<Streams> {
  // Input may be secret and must not reach a disk, so it goes to memory where there is some.
  const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = mkdtempSync(join(memory, "sitewright-command-"));
  try {
    const [out, err] = [join(folder, "stdout"), join(folder, "stderr")];
    await promisify(execFile)("mkfifo", [out, err]);
    const stdin = input === "" ? undefined : openInput(join(folder, "stdin"), input);
    const stdout = openPipe(out);
    const stderr = openPipe(err);
    return {
      stdio: [stdin ?? "ignore", stdout.write, stderr.write],
      stdout: new Socket({ fd: stdout.read, readable: true, writable: false }),
      stderr: new Socket({ fd: stderr.read, readable: true, writable: false }),
      release: () => {
        for (const end of [stdin, stdout.write, stderr.write]) {
          if (end !== undefined) closeSync(end);
        }
      },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// A file rather than a named pipe: opening /dev/stdin again would wait for a writer that is gone.
function openInput(path: string, input: string): number {
  writeFileSync(path, input, { mode: 0o600 });
  return openSync(path, constants.O_RDONLY);
}

function openPipe(path: string): { readonly read: number; readonly write: number } {
  // The reading end does not wait for the other one, and then the writing end need not either.
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { read, write: openSync(path, constants.O_WRONLY) };
}
