import { PassThrough, type Readable, Writable } from "node:stream";
// The package as a whole brings every type of the API and takes a second to load.
import { Exec } from "@kubernetes/client-node/dist/exec.js";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { type ApiAccess, secureConnection } from "../step/api-client";
import { type Channel, configThrough, heldBack, messageOf } from "../step/api-socket";
import { fromNode, type NodeQuestion } from "./from-node";

/** The three streams of a command; with `tty` the container's terminal is as large as `stdout`. */
export interface ExecStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly tty: boolean;
}

interface ExecStatus {
  readonly status?: string;
  readonly message?: string;
  readonly details?: {
    readonly causes?: readonly { readonly reason?: string; readonly message?: string }[];
  };
}

/** Bound for the connection and the greeting. */
const greetingSeconds = 30;

/** The only version of the protocol that can say that input has ended. */
const saysEnd = "v5.channel.k8s.io";

/**
 * Runs a command in a container over a WebSocket to the API server, and returns its exit code.
 * @throws RunError when it cannot be started, or when the connection ends before it does.
 */
export async function exec(
  access: ApiAccess,
  question: NodeQuestion,
  command: readonly string[],
  streams: ExecStreams,
): Promise<number> {
  const { namespace, pod, container } = question;
  const { stdout, stderr, tty } = streams;
  const input = new PassThrough();
  const socket = await secureConnection(access, greetingSeconds);
  const client = new Exec(configThrough(access, socket, greetingSeconds));
  // Only a terminal has a size that the container is to hear of.
  const out = tty ? stdout : plain(stdout);
  const err = tty ? null : plain(stderr);
  try {
    const status = await new Promise<ExecStatus>((resolve, reject) => {
      const end = () => reject(lost(question));
      const words = [...command];
      client
        .exec(namespace, pod, container, words, out, err, input, tty, resolve)
        .then((channel: Channel) => {
          channel.on("close", end);
          channel.on("error", end);
          feed(streams, input, channel);
        }, reject);
    });
    return exitCodeOf(status, question);
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw fromNode("the command cannot be started", question, messageOf(error));
  } finally {
    streams.stdin.unpipe(input);
    streams.stdin.pause();
    socket.destroy();
  }
}

/** Sends input on, no faster than it is taken. */
function feed({ stdin, stderr, tty }: ExecStreams, input: PassThrough, channel: Channel): void {
  heldBack(input, channel);
  stdin.once("end", () => {
    if (channel.protocol === saysEnd) return input.end();
    if (!tty)
      stderr.write("this API server cannot be told that input has ended: end it with Ctrl+C\n");
  });
  stdin.pipe(input, { end: false });
}

function plain(stream: Writable): Writable {
  return new Writable({ write: (chunk, _, done) => void stream.write(chunk, () => done()) });
}

function exitCodeOf({ status, message = "", details }: ExecStatus, question: NodeQuestion): number {
  if (status === "Success") return 0;
  const code = Number(details?.causes?.find(({ reason }) => reason === "ExitCode")?.message);
  if (Number.isInteger(code)) return code;
  if (/executable file not found|no such file or directory/i.test(message)) {
    throw new RunError(`${question.container} of ${question.pod} has no such program: ${message}`, {
      nextStep: "name a program that its image has: … shell <workload> -- <program>",
      exitCode: exitCodes.remote,
    });
  }
  throw fromNode("the command cannot be started", question, message);
}

function lost({ pod }: NodeQuestion): RunError {
  return new RunError(`the connection to ${pod} ended before its command did`, {
    nextStep: "run the same command again; what was started may still be running there",
    exitCode: exitCodes.remote,
  });
}
