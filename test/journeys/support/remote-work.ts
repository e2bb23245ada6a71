import assert from "node:assert/strict";
import { connect, type SshConnection } from "../../../ssh/connection";
import { SshError } from "../../../ssh/ssh-error";
import type { SshTarget } from "../../../ssh/target";
import type { RealSshd } from "./real-sshd";

/** Does `work` on a connection of its own; `change` alters how it is made. */
export async function onHost<T>(
  sshd: RealSshd,
  work: (connection: SshConnection) => Promise<T>,
  change: Partial<SshTarget> = {},
): Promise<T> {
  const connection = await connect({ ...sshd.target, ...change });
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

/** The error that `work` must end with: one that says what to do next. */
export async function failure(work: Promise<unknown>): Promise<SshError> {
  const error = await work.then(
    () => assert.fail("it should have failed"),
    (caught) => caught,
  );
  assert.ok(error instanceof SshError, String(error?.stack ?? error));
  assert.match(error.message, /\n {2}next: \w/);
  return error;
}
