import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { RunError } from "@pulumi/pulumi/errors";
import { CommanderError } from "commander";
import { exitCodes } from "./exit-codes";
import { printable, type Screen } from "./view/colours";

export interface FailurePlace {
  readonly stderr: Screen;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Date;
}

/** A full or read-only disk of the operator's machine: nobody's fault here, and no log could be written either. */
const diskFaults = ["ENOSPC", "EDQUOT", "EROFS"];

/**
 * Tells of an error in the way its kind deserves and returns the exit code. What its reader can act on is shown as it is; anything
 * else is our fault, gets one line, and its stack goes to a file.
 */
export function tellFailure(error: unknown, place: FailurePlace): number {
  if (error instanceof CommanderError) {
    // Commander has printed its message; help and version end this way too, with 0.
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  if (RunError.isInstance(error)) {
    const code = "exitCode" in error ? error.exitCode : undefined;
    place.stderr.write(`${error.message}\n`);
    return typeof code === "number" ? code : exitCodes.unexpected;
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (diskFaults.includes(code)) {
    place.stderr.write(
      `this machine cannot write: ${printable(String(error)).slice(0, 300)}\n` +
        "  next: free some space on this machine, then run the same command again\n",
    );
    return exitCodes.machine;
  }
  const text = error instanceof Error ? error.message : String(error);
  place.stderr.write(`unexpected fault: ${printable(text).slice(0, 300)}\n`);
  const file = writeLog(error, place);
  place.stderr.write(
    file === undefined
      ? `${inspect(error)}\n`
      : `  next: try again; if it stays, report it with ${file}\n`,
  );
  return exitCodes.unexpected;
}

/** Undefined when no file can be written, which must not hide the fault itself. */
function writeLog(error: unknown, { env, now }: FailurePlace): string | undefined {
  try {
    const state = env.XDG_STATE_HOME || join(env.HOME || homedir(), ".local", "state");
    const folder = join(state, "sitewright", "logs");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const time = now().toISOString().replaceAll(":", "").replace(/\..*/, "Z");
    const file = join(folder, `${time}-${process.pid}.log`);
    const command = process.argv.slice(2).join(" ");
    const text = `sitewright ${command}\nnode ${process.version} on ${process.platform} ${process.arch}\n\n${inspect(error, { depth: 5 })}\n`;
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  } catch {
    return undefined;
  }
}
