/** Something that is not as it should be, and what to do about it. */
export interface Fault {
  readonly what: string;
  /** In the words of whoever noticed it. */
  readonly why: string;
  readonly next: string;
}
