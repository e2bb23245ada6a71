import type { ReadStream } from "node:tty";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";

/** A person at a terminal: keys come from `input`, questions go to `output`. */
export interface Terminal {
  readonly input: Pick<ReadStream, "setRawMode" | "on" | "off" | "resume" | "pause">;
  readonly output: { write(text: string): unknown };
}

/** The terminal of this process; undefined when standard input or standard error is none. */
export function ownTerminal(): Terminal | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return { input: process.stdin, output: process.stderr };
}

/**
 * Asks for a line that does not appear on the screen.
 *
 * @throws RunError when the person breaks off
 */
export function askHidden({ input, output }: Terminal, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = "";
    const finish = (settle: () => void) => {
      input.off("data", onData);
      input.setRawMode(false);
      input.pause();
      output.write("\n");
      settle();
    };
    const onData = (chunk: Buffer | string) => {
      for (const key of chunk.toString()) {
        if (key === "\r" || key === "\n") return finish(() => resolve(typed));
        if (key === "\u0003" || key === "\u0004") {
          return finish(() => reject(new RunError("broken off", { exitCode: exitCodes.usage })));
        }
        if (key === "\u007f" || key === "\b") typed = [...typed].slice(0, -1).join("");
        else if (key >= " ") typed += key;
      }
    };
    output.write(question);
    input.setRawMode(true);
    input.on("data", onData);
    input.resume();
  });
}

/** Asks for `yes` in full; anything else is a no. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  return (await askVisible(terminal, `${question} Type yes to go on: `)).trim() === "yes";
}

function askVisible({ input, output }: Terminal, question: string): Promise<string> {
  return new Promise((resolve) => {
    const onData = (chunk: Buffer | string) => {
      input.off("data", onData);
      input.pause();
      resolve(chunk.toString());
    };
    output.write(question);
    input.on("data", onData);
    input.resume();
  });
}
