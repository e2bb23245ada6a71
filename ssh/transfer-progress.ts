import type { Say } from "./session";

/** Says how far a transfer is, once a second at most. */
export class TransferProgress {
  private readonly say: Say;
  private readonly name: string;
  private readonly total: number;
  private readonly began = Date.now();
  private readonly first: number;
  private sent: number;
  private said = Date.now();

  constructor(say: Say, name: string, sent: number, total: number) {
    this.say = say;
    this.name = name;
    this.first = sent;
    this.sent = sent;
    this.total = total;
  }

  add(bytes: number): void {
    this.sent += bytes;
    const now = Date.now();
    if (now - this.said < 1000) return;
    this.said = now;
    const rate = (this.sent - this.first) / 1048576 / ((now - this.began) / 1000);
    const percent = Math.floor((this.sent / this.total) * 100);
    this.say(
      `${this.name}: ${percent} % of ${Math.ceil(this.total / 1048576)} MiB, ${rate.toFixed(1)} MiB/s`,
    );
  }
}
