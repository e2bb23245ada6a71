import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A log line as kk v3 writes it: time, level from warning on, text. */
export function logLine(level: "INFO" | "WARN" | "ERRO" | "FATA", text: string, now: Date): string {
  const shown = level === "INFO" ? "" : ` [${level}]`;
  return `${now.toISOString().slice(11, 19)} UTC${shown} ${text}\n`;
}

/** How a run of kk speaks, whichever version it plays. */
export interface Voice {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  fatal(text: string): void;
  /** Something that a host said. */
  message(host: string, text: string): void;
  /** A line for whoever watches, not for the log. */
  print(text: string): void;
}

/** What kk v3 says: log lines on stderr and in a dated file, everything else on stdout. */
export class Journal implements Voice {
  readonly folder: string;

  /** @param folder `<workdir>/logs`; made when it is missing. */
  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  info(text: string): void {
    this.log("INFO", text);
  }

  warn(text: string): void {
    this.log("WARN", text);
  }

  error(text: string): void {
    this.log("ERRO", text);
  }

  fatal(text: string): void {
    this.log("FATA", text);
  }

  message(host: string, text: string): void {
    this.info(`message: [${host}]\n${text}`);
  }

  print(text: string): void {
    writeSync(1, `${text}\n`);
  }

  private log(level: "INFO" | "WARN" | "ERRO" | "FATA", text: string): void {
    const now = new Date();
    const line = logLine(level, text, now);
    writeSync(2, line);
    const dated = `kubekey.log.${now.toISOString().slice(0, 10).replaceAll("-", "")}`;
    appendFileSync(join(this.folder, dated), line);
    const link = join(this.folder, "kubekey.log");
    try {
      symlinkSync(dated, link);
    } catch {
      rmSync(link, { force: true });
      symlinkSync(dated, link);
    }
  }
}
