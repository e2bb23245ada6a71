import { setTimeout as sleep } from "node:timers/promises";
import { connect, type SshConnection } from "./connection";
import { isPassing } from "./ssh-error";
import type { SshTarget } from "./target";

/** Where a step tells what it is doing, one line each; never a secret. */
export type Say = (line: string) => void;

export interface SessionOptions {
  readonly say: Say;
  /** How long a lost host is waited for. Default 900 (15 minutes). */
  readonly patienceSeconds?: number;
}

/** Seconds between attempts; the last one repeats. */
const BACKOFF_SECONDS = [1, 2, 4, 8, 15, 30] as const;

/** A connection that comes back after it was cut. Only the first login fails at once. */
export class Session {
  readonly target: SshTarget;
  readonly say: Say;
  private readonly patienceSeconds: number;
  private current: SshConnection | undefined;
  private opening: Promise<SshConnection> | undefined;
  private wasOpen = false;

  constructor(target: SshTarget, options: SessionOptions) {
    this.target = target;
    this.say = options.say;
    this.patienceSeconds = options.patienceSeconds ?? 900;
  }

  /** The open connection, or a new one. Throws SshError when patience ends or the reason will not pass. */
  async connection(): Promise<SshConnection> {
    if (this.current?.open) return this.current;
    // All who ask meanwhile get the same one: of two, one would be nobody's to close.
    this.opening ??= this.connect().finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }

  /**
   * Does `work` on the open connection and does it again when the connection was cut meanwhile, so `work` must
   * be safe to repeat. Gives up when it is cut time and again without `work` lasting longer than patience.
   */
  async steadily<T>(work: (connection: SshConnection) => Promise<T>): Promise<T> {
    let firstCut: number | undefined;
    for (;;) {
      const connection = await this.connection();
      const began = Date.now();
      try {
        return await work(connection);
      } catch (error) {
        if (!isPassing(error) || connection.open) throw error;
        // A connection that held for a while starts the count afresh.
        if (firstCut === undefined || began - firstCut > 60_000) firstCut = began;
        if (Date.now() - firstCut > this.patienceSeconds * 1000) throw error;
        this.say(`the connection to ${this.target.name} was cut; connecting again`);
        await sleep(500);
      }
    }
  }

  close(): void {
    this.current?.close();
    this.current = undefined;
  }

  private async connect(): Promise<SshConnection> {
    const deadline = Date.now() + this.patienceSeconds * 1000;
    for (let attempt = 0; ; attempt++) {
      try {
        this.current = await connect(this.target);
        if (this.wasOpen) this.say(`connected to ${this.target.name} again`);
        this.wasOpen = true;
        return this.current;
      } catch (error) {
        const pause = BACKOFF_SECONDS[Math.min(attempt, BACKOFF_SECONDS.length - 1)] ?? 30;
        const late = Date.now() + pause * 1000 > deadline;
        if (!this.wasOpen || late || !isPassing(error)) throw error;
        const reason = error.message.split("\n")[0];
        this.say(`${reason}; attempt ${attempt + 2} in ${pause} s`);
        await sleep(pause * 1000);
      }
    }
  }
}
