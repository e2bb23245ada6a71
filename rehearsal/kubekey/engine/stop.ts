/** Ends kk with this exit code after its text was printed; no fault of the stand-in. */
export class Stop extends Error {
  override readonly name = "Stop";
  readonly exitCode: number;

  constructor(exitCode: number, message = "") {
    super(message);
    this.exitCode = exitCode;
  }
}
