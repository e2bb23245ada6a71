import { RunError as PulumiRunError } from "@pulumi/pulumi/errors";

/** What a {@link RunError} carries besides its message. */
export interface RunErrorOptions {
  /** What the reader does now, as one sentence; becomes the last line of the message. */
  readonly nextStep?: string;
  /** Exit code of the command; one of cli/exit-codes.ts. Default 1. */
  readonly exitCode?: number;
  /** The error underneath, kept for `--debug` style output only. */
  readonly cause?: unknown;
}

/**
 * A fault that its reader can act on: shown as its message alone, without a stack, by the command
 * and by Pulumi. The base class is what Pulumi's runtime recognises as "print no stack".
 *
 * `message` is complete: it already ends with the next step, so printing it is enough.
 */
export class RunError extends PulumiRunError {
  override readonly name = "RunError";
  readonly nextStep?: string;
  readonly exitCode: number;

  constructor(what: string, options: RunErrorOptions = {}) {
    super(options.nextStep === undefined ? what : `${what}\n  next: ${options.nextStep}`);
    this.exitCode = options.exitCode ?? 1;
    if (options.nextStep !== undefined) this.nextStep = options.nextStep;
    if (options.cause !== undefined) this.cause = options.cause;
  }
}
