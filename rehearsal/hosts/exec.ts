import type { Rehearsal } from "../folders";
import { type Output, runInside } from "../keeper/enter";
import { requireRecord } from "../keeper/record";
import { hexAddress } from "../network/addresses";
import { asHost } from "./scripts";
import { hostPid } from "./status";

/**
 * Runs a command on a host as its root, past its SSH server: for tests and for finding out what is
 * wrong.
 * @throws when the host is down.
 */
export async function hostExec(
  rehearsal: Rehearsal,
  host: string,
  argv: readonly string[],
  options: { readonly input?: string } = {},
): Promise<Output> {
  requireRecord(rehearsal);
  const pid = hostPid(rehearsal, host);
  if (pid === undefined) throw new Error(`Host ${host} of ${rehearsal.site} is down.`);
  const target = ["--target", String(pid), "--net", "--mount", "--pid", "--uts", "--ipc"];
  const guarded = ["setpriv", "--pdeathsig", "KILL", "--", ...asHost(argv)];
  return runInside(rehearsal, ["nsenter", ...target, "--", ...guarded], options);
}

/**
 * Pulls a host's plug, or puts it back. The host runs on; packets to and from it are lost
 * meanwhile.
 */
export async function setHostConnected(
  rehearsal: Rehearsal,
  address: string,
  connected: boolean,
): Promise<void> {
  const link = `h${hexAddress(address)}`;
  const state = connected ? "up" : "down";
  const result = await runInside(rehearsal, ["ip", "link", "set", "dev", link, state]);
  if (result.code !== 0) {
    throw new Error(`The wire of ${address} could not be set ${state}: ${result.stderr.trim()}`);
  }
}
