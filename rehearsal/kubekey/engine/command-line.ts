import { Stop } from "./stop";

/** A flag of a command. `list` flags may be repeated. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly kind: "bool" | "string" | "list";
}

/** A command of kk: the words that call it, its flags, what it is for. */
export interface Command {
  readonly words: readonly string[];
  readonly flags: readonly Flag[];
  readonly summary: string;
  /** Words after the command that are no flags. */
  readonly positional?: boolean;
}

/** What a command line says. */
export interface Parsed {
  readonly command: Command;
  readonly values: ReadonlyMap<string, string | boolean | readonly string[]>;
  readonly positional: readonly string[];
}

/** Names the words of a command. */
export function commandName(command: Command): string {
  return command.words.join(" ");
}

/**
 * Reads a command line as cobra does. @throws {Stop} 1 for unknown commands and flags, 0 after help.
 */
export function parseCommandLine(
  argv: readonly string[],
  commands: readonly Command[],
  common: readonly Flag[],
): Parsed {
  const words = argv.filter((word) => !word.startsWith("-"));
  const command = commands
    .filter((each) => each.words.every((word, index) => words[index] === word))
    .sort((a, b) => b.words.length - a.words.length)[0];
  if (command === undefined) return unknownCommand(words, argv, commands);
  const flags = [...common, ...command.flags];
  const values = new Map<string, string | boolean | readonly string[]>();
  const positional: string[] = [];
  const rest = argv.slice();
  for (const word of command.words) rest.splice(rest.indexOf(word), 1);
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "-h" || word === "--help") throw new Stop(0, usage(command, flags));
    if (word === "-" || !word.startsWith("-")) {
      positional.push(word);
      continue;
    }
    takeFlag(word, rest, flags, values, command);
  }
  if (positional.length > 0 && command.positional !== true) {
    usageError(
      `unknown command "${positional[0]}" for "kk ${commandName(command)}"`,
      command,
      flags,
    );
  }
  return { command, values, positional };
}

function takeFlag(
  word: string,
  rest: string[],
  flags: readonly Flag[],
  values: Map<string, string | boolean | readonly string[]>,
  command: Command,
): void {
  const long = word.startsWith("--");
  const [name = "", attached] = (long ? word.slice(2) : word.slice(1)).split(/=(.*)/s);
  const flag = flags.find((each) => (long ? each.name === name : each.short === name[0]));
  if (flag === undefined) {
    usageError(
      long ? `unknown flag: --${name}` : `unknown shorthand flag: '${name[0]}' in ${word}`,
      command,
      flags,
    );
  }
  if (flag.kind === "bool") {
    values.set(flag.name, attached === undefined ? true : attached !== "false");
    return;
  }
  const joined = attached ?? (long || name.length === 1 ? undefined : name.slice(1));
  const value = joined ?? rest.shift();
  if (value === undefined) {
    usageError(
      long ? `flag needs an argument: --${name}` : `flag needs an argument: '${name}' in ${word}`,
      command,
      flags,
    );
  }
  if (flag.kind === "string") values.set(flag.name, value);
  else
    values.set(flag.name, [
      ...((values.get(flag.name) as readonly string[] | undefined) ?? []),
      value,
    ]);
}

function usage(command: Command, flags: readonly Flag[]): string {
  const lines = flags.map((flag) => {
    const short = flag.short === undefined ? "    " : `-${flag.short}, `;
    return `  ${short}--${flag.name}${flag.kind === "bool" ? "" : " string"}`;
  });
  return `Usage:\n  kk ${commandName(command)} [flags]\n\nFlags:\n${lines.join("\n")}\n`;
}

function usageError(text: string, command: Command, flags: readonly Flag[]): never {
  throw new Stop(1, `Error: ${text}\n${usage(command, flags)}\n${text}`);
}

function unknownCommand(
  words: readonly string[],
  argv: readonly string[],
  commands: readonly Command[],
): never {
  const group = commands.filter((each) => each.words[0] === words[0]);
  const list = (group.length > 0 ? group : commands).map(
    (each) => `  kk ${commandName(each)}  ${each.summary}`,
  );
  if (words.length === 0 || (group.length > 0 && words.length === 1))
    throw new Stop(0, `Available Commands:\n${list.join("\n")}`);
  const [first = argv[0] ?? "", second] = words;
  if (group.length > 0)
    throw new Stop(
      1,
      `Error: unknown command "${second}" for "kk ${first}"\nRun 'kk ${first} --help' for usage.`,
    );
  throw new Stop(1, `Error: unknown command "${first}" for "kk"\nRun 'kk --help' for usage.`);
}

/** A text flag's value, or undefined when it was not given. */
export function textFlag(parsed: Parsed, name: string): string | undefined {
  const value = parsed.values.get(name);
  return typeof value === "string" ? value : undefined;
}

/** True when a switch was given. */
export function switchFlag(parsed: Parsed, name: string): boolean {
  return parsed.values.get(name) === true;
}

/** Every value of a flag that may be repeated; commas split as well. */
export function listFlag(parsed: Parsed, name: string): string[] {
  const value = parsed.values.get(name);
  return Array.isArray(value) ? value.flatMap((each: string) => each.split(",")) : [];
}

/** A flag with a text. */
export const text = (name: string, short?: string): Flag => ({
  name,
  kind: "string",
  ...(short === undefined ? {} : { short }),
});

/** A flag that is on or off. */
export const on = (name: string, short?: string): Flag => ({
  name,
  kind: "bool",
  ...(short === undefined ? {} : { short }),
});

/** A flag with several texts. */
export const many = (name: string): Flag => ({ name, kind: "list" });
