import { Command } from "commander";
import { nearest } from "../site/nearest";
import { allCommands, commandGroups } from "./commands";
import { exitCodes } from "./exit-codes";
import { tellFailure } from "./failure";
import { helpText } from "./help";
import type { Screen } from "./view/colours";

/** Where help and complaints about the command line go. */
interface Screens {
  readonly stdout: Screen;
  readonly stderr: Screen;
}

/**
 * Runs one command line and returns its exit code. Loads the module of just the command asked for: `--help` and `check` are
 * typed often, and the rest of the program takes much longer to load than they take to run.
 */
export async function main(argv: readonly string[], screens: Screens = process): Promise<number> {
  const [first, second] = argv;
  if (first === undefined || first === "-h" || first === "--help") return help(first, screens);
  // `help trust` is what people type who know git.
  if (first === "help")
    return second === undefined ? help(first, screens) : main([second, "--help"], screens);
  const entry = allCommands.find(({ name }) => name === first);
  if (entry === undefined) return unknown(first, screens);
  const program = new Command("sitewright").configureOutput({
    writeOut: (text) => screens.stdout.write(text),
    writeErr: (text) => screens.stderr.write(text),
  });
  const command = await entry.load();
  program.exitOverride().enablePositionalOptions().addCommand(command);
  inherit(command, program);
  process.exitCode = exitCodes.ok;
  await program.parseAsync(argv, { from: "user" });
  return typeof process.exitCode === "number" ? process.exitCode : exitCodes.ok;
}

/** Asked for, help is an answer; without a command it is what was missing. */
function help(asked: string | undefined, screens: Screens): number {
  screens.stdout.write(helpText());
  return asked === undefined ? exitCodes.usage : exitCodes.ok;
}

function unknown(word: string, screens: Screens): number {
  const names = commandGroups.flatMap(({ commands }) => commands.map(({ name }) => name));
  const meant = nearest(word, names);
  const next =
    meant === undefined
      ? "./sitewright --help lists the commands"
      : `did you mean ./sitewright ${meant}?`;
  screens.stderr.write(`sitewright has no command ${JSON.stringify(word)}\n  next: ${next}\n`);
  return exitCodes.usage;
}

/** So that a wrong option anywhere below ends with an exception and our exit code, not with commander's. */
function inherit(command: Command, from: Command): void {
  command.copyInheritedSettings(from);
  for (const child of command.commands) inherit(child, command);
}

function run(): void {
  const place = { stderr: process.stderr, env: process.env, now: () => new Date() };
  // A reader that has seen enough (`| head`) is no fault.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      throw error;
    });
  }
  const fail = (error: unknown) => process.exit(tellFailure(error, place));
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  process.on("SIGINT", () => {
    // A command that has something to bring to an end listens itself.
    if (process.listenerCount("SIGINT") > 1) return;
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    process.stderr.write("\nbroken off\n");
    process.exit(130);
  });
  main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  }, fail);
}

// The launcher loads this file through a script of its own, so the question is what was started, not who required it.
if (process.argv[1] === __filename) run();
