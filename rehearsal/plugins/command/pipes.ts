import { execFile } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * Pipes between this process and a command. Node.js itself gives a child sockets, and those cannot be
 * opened as /dev/stdin, /dev/stdout or /dev/stderr, which scripts rightly do.
 */
export interface Pipes {
  /** Ends for the command, in the order of its file descriptors; "ignore" for no input. */
  readonly stdio: ["ignore" | number, number, number];
  /** Undefined when the command gets no input. */
  readonly stdin: Socket | undefined;
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** Closes the command's ends here, once it has been started. */
  release(): void;
}

/** Makes the pipes; without `input` standard input is /dev/null. */
export async function openPipes(input: boolean): Promise<Pipes> {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-command-"));
  try {
    const names = ["stdin", "stdout", "stderr"].map((name) => join(folder, name));
    await promisify(execFile)("mkfifo", names);
    const [stdin = "", stdout = "", stderr = ""] = names;
    const read = constants.O_RDONLY;
    const write = constants.O_WRONLY;
    const inPipe = input ? openPipe(stdin, { theirs: read, ours: write }) : undefined;
    const outPipe = openPipe(stdout, { theirs: write, ours: read });
    const errPipe = openPipe(stderr, { theirs: write, ours: read });
    const theirs = [inPipe?.theirs, outPipe.theirs, errPipe.theirs];
    return {
      stdio: [inPipe?.theirs ?? "ignore", outPipe.theirs, errPipe.theirs],
      stdin: inPipe && new Socket({ fd: inPipe.ours, readable: false, writable: true }),
      stdout: new Socket({ fd: outPipe.ours, readable: true, writable: false }),
      stderr: new Socket({ fd: errPipe.ours, readable: true, writable: false }),
      release: () => {
        for (const end of theirs) if (end !== undefined) closeSync(end);
      },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function openPipe(path: string, flags: { theirs: number; ours: number }) {
  // Opened both ways first, since opening one end alone waits for the other.
  const both = openSync(path, constants.O_RDWR);
  const theirs = openSync(path, flags.theirs);
  const ours = openSync(path, flags.ours | constants.O_NONBLOCK);
  closeSync(both);
  return { theirs, ours };
}
