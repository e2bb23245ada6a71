import { StringDecoder } from "node:string_decoder";
import type { EngineLog } from "../protocol/engine-log";
import type { PropertyValue } from "../protocol/values";

/** Collects what a command prints, and shows it line by line while the command runs. */
export class CommandOutput {
  readonly #parts = { stdout: [] as Buffer[], stderr: [] as Buffer[], both: [] as Buffer[] };
  readonly #shown: { readonly stdout: boolean; readonly stderr: boolean };
  readonly #log: EngineLog;
  readonly #decoder = new StringDecoder("utf8");
  #line = "";

  /** @param logging the `logging` input; undefined shows both streams. */
  constructor(logging: PropertyValue | undefined, log: EngineLog) {
    const shows = (stream: string) =>
      [undefined, stream, "stdoutAndStderr"].includes(asText(logging));
    this.#shown = { stdout: shows("stdout"), stderr: shows("stderr") };
    this.#log = log;
  }

  /** Takes a piece of what was printed. */
  add(stream: "stdout" | "stderr", chunk: Buffer): void {
    this.#parts[stream].push(chunk);
    this.#parts.both.push(chunk);
    if (this.#shown[stream]) this.#show(this.#decoder.write(chunk));
  }

  /** Shows an unfinished last line. */
  finish(): void {
    this.#show(this.#decoder.end());
    if (this.#line !== "") this.#log.status(this.#line);
    this.#line = "";
  }

  /** The outputs of the resource: each stream without its last line break. */
  outputs(): { readonly stdout: string; readonly stderr: string } {
    return { stdout: trimmed(this.#parts.stdout), stderr: trimmed(this.#parts.stderr) };
  }

  /** Both streams as they came, for error messages. */
  both(): string {
    return Buffer.concat(this.#parts.both).toString("utf8");
  }

  #show(piece: string): void {
    const lines = (this.#line + piece).split("\n");
    this.#line = lines.pop() ?? "";
    for (const line of lines) this.#log.status(line.replace(/\r$/, ""));
  }
}

/** The message for a command that failed, in the words of the real provider. */
export function failureText(how: string, command: string, output: CommandOutput): string {
  return `${how}: running ${quoted(command)}:\n${output.both()}`;
}

/** Text as Go's %q prints it. */
export function quoted(text: string): string {
  const short: Record<string, string> = {
    "\u0007": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    '"': '\\"',
    "\\": "\\\\",
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to spell out
  const escaped = text.replace(/["\\\u0000-\u001f\u007f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, "0");
    return short[character] ?? `\\x${code}`;
  });
  return `"${escaped}"`;
}

function trimmed(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8").replace(/\n$/, "");
}

function asText(value: PropertyValue | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
