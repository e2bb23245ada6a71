import assert from "node:assert/strict";
import type { Io } from "../../cli/io";

/** Streams of a command that prints on standard output alone, and what it printed there. */
export function ioFor(root: string, terminal = false) {
  let text = "";
  const write = (part: string) => {
    text += part;
  };
  const io: Io = {
    stdout: { write, isTTY: terminal },
    stderr: { write: () => assert.fail("nothing belongs on standard error") },
    env: {},
    root,
  };
  return { io, text: () => text };
}
