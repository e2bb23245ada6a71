import { LineSplitter } from "./line-splitter";
import { RunLog } from "./run-log";
import type { Session } from "./session";
import { quoteAll } from "./shell-quote";
import { SshError } from "./ssh-error";
import { describeHost } from "./target";

/** A command that runs on a host for minutes or hours and must outlive every connection. */
export interface DetachedRun {
  /** Folder below `<workDir>/runs`; a kebab-case word. */
  readonly name: string;
  /** For people: "create the cluster". */
  readonly title: string;
  /** Program and arguments; the program by absolute path, no secret among them. */
  readonly argv: readonly string[];
  /** Stopped on the host itself after this time. */
  readonly timeoutSeconds: number;
  /** Texts that must all stand in the log besides exit status 0: kk ends some refusals with 0. */
  readonly successMarkers: readonly string[];
}

/** A known fault: what it means and what to do. */
export interface Explanation {
  readonly cause: string;
  readonly nextStep: string;
}

export interface DetachedRunOptions {
  /** Holds run.sh and `runs/`. */
  readonly workDir: string;
  /** Digest of what the run works on. A finished run that nobody looked at counts only for the same key. */
  readonly key: string;
  /** Values blanked in everything shown. */
  readonly secrets: readonly string[];
  /** Lines of the log that are shown as progress. Default all. */
  readonly shows?: (line: string) => boolean;
  /** Finds a known fault in telling lines of the log. */
  readonly explain?: (lines: readonly string[]) => Explanation | undefined;
}

/** A log larger than this means a command that loops; it is stopped on the host. */
const LOG_CAP_BYTES = 256 * 1024 * 1024;

/**
 * Starts the run, or joins it when an earlier call started it, and follows it to its end over as many
 * connections as it takes. Returns only on success; throws SshError otherwise. One run at a time in a work
 * folder.
 */
export async function runDetached(
  session: Session,
  run: DetachedRun,
  options: DetachedRunOptions,
): Promise<void> {
  const { say } = session;
  const runs = `${options.workDir}/runs`;
  const script = (...words: string[]) =>
    quoteAll(["/bin/sh", `${options.workDir}/run.sh`, ...words]);
  const began = await session.steadily((connection) =>
    connection.run(
      `start the run "${run.title}"`,
      script(
        ...["start", runs, run.name, options.key, String(run.timeoutSeconds)],
        ...[String(LOG_CAP_BYTES), ...run.argv],
      ),
      { sudo: true, timeoutSeconds: 120 },
    ),
  );
  const logPath = `${runs}/${run.name}/log`;
  const host = describeHost(session.target);
  const [word, ...rest] = began.trim().split(" ");
  if (word === "busy") {
    throw new SshError(
      "run-busy",
      host,
      `${host}: another run is still going on in ${options.workDir}: ${rest.join(" ")}`,
      `wait until it has ended (tail -f ${runs}/${rest[0]}/log there), then run the same command again`,
    );
  }
  say(
    {
      started: `${run.title}: started on ${session.target.name}, log ${logPath}`,
      restarted: `${run.title}: started again (earlier run: ${rest.join(" ")}), log ${logPath}`,
      following: `${run.title}: was started before; following it, log ${logPath}`,
    }[word ?? ""] ?? `${run.title}: ${began.trim()}`,
  );

  const log = new RunLog(run.successMarkers, options.secrets);
  const state = await follow(session, run, options, log);
  await session.steadily((connection) =>
    connection.run("note the outcome as read", script("seen", runs, run.name), { sudo: true }),
  );
  const problem = judge(host, run, state, log, logPath, options.explain);
  if (problem) throw problem;
  say(`${run.title}: done`);
}

/** Reads the log of a run from its first byte until the run has ended; returns how it ended. */
async function follow(
  session: Session,
  run: Pick<DetachedRun, "name" | "title" | "timeoutSeconds">,
  options: Omit<DetachedRunOptions, "key">,
  log: RunLog,
): Promise<string> {
  const runs = `${options.workDir}/runs`;
  const script = (...words: string[]) =>
    quoteAll(["/bin/sh", `${options.workDir}/run.sh`, ...words]);
  const lines = new LineSplitter((raw) => {
    const line = log.add(raw);
    if (line.trim() !== "" && (options.shows?.(line) ?? true)) session.say(line.slice(0, 300));
  });
  let offset = 0;
  await session.steadily((connection) =>
    connection.run(
      `follow the run "${run.title}"`,
      script("follow", runs, run.name, String(offset)),
      {
        sudo: true,
        timeoutSeconds: run.timeoutSeconds + 120,
        keepStdout: false,
        onStdout: (chunk) => {
          offset += chunk.length;
          lines.push(chunk);
        },
      },
    ),
  );
  lines.end();
  const state = await session.steadily((connection) =>
    connection.run("read the outcome", script("state", runs, run.name), { sudo: true }),
  );
  return state.trim();
}

/** Waits for a run that somebody else started, showing its log; how it ended is told, not judged. */
export async function watchRun(
  session: Session,
  name: string,
  options: Omit<DetachedRunOptions, "key">,
): Promise<void> {
  const log = new RunLog([], options.secrets);
  const run = { name, title: name, timeoutSeconds: 24 * 3600 };
  const state = await follow(session, run, options, log);
  const error = state === "ended 0" ? undefined : log.firstError;
  session.say(`${name}: ${state}${error ? `: ${error}` : ""}`);
}

/** Name of the run that is going on in a work folder, if any. */
export async function runningRun(session: Session, workDir: string): Promise<string | undefined> {
  const words = ["/bin/sh", `${workDir}/run.sh`, "running", `${workDir}/runs`];
  const said = await session.steadily((connection) =>
    connection.run("look for a run going on", quoteAll(words), { sudo: true }),
  );
  return said.trim().split("\n")[0] || undefined;
}

/** The problem with an ended run, or undefined when it succeeded. Pure. */
export function judge(
  host: string,
  run: Pick<DetachedRun, "title">,
  state: string,
  log: RunLog,
  logPath: string,
  explain: DetachedRunOptions["explain"],
): SshError | undefined {
  const [word, status] = state.split(" ");
  if (word === "ended" && status === "0" && log.missingMarkers.length === 0) return undefined;
  const known = explain?.(log.telling);
  const cause = known ? `\n  cause: ${known.cause}` : "";
  const nextStep = known?.nextStep ?? `read ${logPath} on ${host}`;
  const again = "then run the same command again";
  if (word !== "ended") {
    return new SshError(
      "run-killed",
      host,
      `${host}: "${run.title}" was killed before it ended (the host restarted, ran out of memory, or somebody stopped it); its log is ${logPath}${cause}`,
      `${known?.nextStep ?? `read the end of ${logPath}, and dmesg, on the host`}, ${again}`,
    );
  }
  if (status === "0") {
    return new SshError(
      "run-without-marker",
      host,
      `${host}: "${run.title}" ended with status 0, but never said ${log.missingMarkers.map((m) => `"${m}"`).join(" nor ")}; it ended with\n${indent(log.lastLines(8))}${cause}\n  log: ${logPath}`,
      `${nextStep}, ${again}`,
    );
  }
  const error = log.firstError ?? log.lastLines(3);
  return new SshError(
    "run-failed",
    host,
    `${host}: "${run.title}" failed with status ${status}${error ? `:\n${indent(error)}` : ""}${cause}\n  log: ${logPath}`,
    `${nextStep}, ${again}`,
  );
}

function indent(text: string): string {
  return text.replace(/^/gm, "  | ");
}
