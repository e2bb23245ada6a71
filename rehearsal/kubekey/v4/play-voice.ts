import { writeSync } from "node:fs";
import type { Voice } from "../engine/journal";

/** `15:04:05 UTC`, as kk v4 begins its lines. */
export function clock(now = new Date()): string {
  return `${now.toISOString().slice(11, 19)} UTC`;
}

/** What kk v4 says: tasks and their outcomes on stdout, no file of its own; what hosts say is not shown. */
export class PlayVoice implements Voice {
  info(_text: string): void {}

  message(_host: string, _text: string): void {}

  warn(text: string): void {
    this.print(`${clock()} [WARN] ${text}`);
  }

  error(text: string): void {
    writeSync(2, `E${clock()} ${text}\n`);
  }

  fatal(text: string): void {
    this.error(text);
  }

  print(text: string): void {
    writeSync(1, `${text}\n`);
  }
}
