import { UnknownValue } from "./unknown";

/** For rules over everything: what is not known of one thing keeps nobody from judging the others. */
export class Unknowns {
  #first: UnknownValue | undefined;

  /** Gives what `read` does, or nothing where it asks for a value that is not known yet. */
  without<Item>(read: () => Iterable<Item>): readonly Item[] {
    try {
      return [...read()];
    } catch (error) {
      if (!(error instanceof UnknownValue)) throw error;
      this.#first ??= error;
      return [];
    }
  }

  /** To be called last. @throws UnknownValue where something was left out. */
  tell(): void {
    if (this.#first !== undefined) throw this.#first;
  }
}
