import { RunError } from "../site/run-error";

/** What went wrong between this machine and a host; callers branch on it, people read the message. */
export type SshErrorKind =
  | "timeout"
  | "refused"
  | "no-route"
  | "unknown-name"
  | "not-ssh"
  | "wrong-credentials"
  | "bad-private-key"
  | "host-key-unpinned"
  | "host-key-changed"
  | "connection-lost"
  | "sudo-refused"
  | "sudo-password-wrong"
  | "sudo-missing"
  | "forwarding-refused"
  | "no-sftp"
  | "disk-full"
  | "command-timeout"
  | "command-failed"
  | "output-too-large"
  | "local-file"
  | "run-busy"
  | "run-failed"
  | "run-killed"
  | "run-without-marker"
  | "transfer-damaged";

/** A remote step that failed for a reason the engineer can act on: shown without a stack trace. */
export class SshError extends RunError {
  readonly kind: SshErrorKind;
  /** Name of the host as the site knows it, with its address. */
  readonly host: string;

  /** `nextStep`: what the engineer does now. The exit code is that of a failed remote step. */
  constructor(kind: SshErrorKind, host: string, message: string, nextStep: string) {
    super(message, { nextStep, exitCode: 6 });
    this.kind = kind;
    this.host = host;
  }
}

/** Kinds after which the same thing may well work a moment later. */
const PASSING: ReadonlySet<SshErrorKind> = new Set([
  "timeout",
  "refused",
  "no-route",
  "not-ssh",
  "connection-lost",
]);

/** True when trying again is sensible: the network was away, not the login or the host key wrong. */
export function isPassing(error: unknown): error is SshError {
  return error instanceof SshError && PASSING.has(error.kind);
}
