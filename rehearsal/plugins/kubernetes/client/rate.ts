import { setTimeout as sleep } from "node:timers/promises";

/** Lets so many calls through a second, with a reserve for bursts; the rest wait their turn. */
export class Rate {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #updatedAt = performance.now();

  /** @param perSecond calls a second in the long run; @param burst calls at once after a pause. */
  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = Math.max(1, burst);
    this.#tokens = this.#burst;
  }

  /** Waits for a turn. */
  async take(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    this.#tokens = Math.min(
      this.#burst,
      this.#tokens + ((now - this.#updatedAt) / 1000) * this.#perSecond,
    );
    this.#updatedAt = now;
    this.#tokens -= 1;
    if (this.#tokens >= 0 || this.#perSecond <= 0) return;
    await sleep((-this.#tokens / this.#perSecond) * 1000, undefined, { signal });
  }
}
