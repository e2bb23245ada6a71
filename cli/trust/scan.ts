import { scanHostKeys } from "../../ssh/scan";
import { SshError } from "../../ssh/ssh-error";
import type { SshLogin } from "../../ssh/target";
import { inParallel } from "../parallel";
import { compareKeys, type ShownKey } from "./keys";

/** A machine whose keys are wanted, with those pinned for it now. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly pinned: readonly string[];
}

export interface Scan extends Machine {
  readonly shown: readonly ShownKey[];
  /** Why it could not be asked. */
  readonly problem?: SshError;
}

/** As many as an sshd lets wait for a login at once, less a few. */
const atOnce = 8;

/** Asks all machines for their keys; one that cannot be reached does not keep the others from being asked. */
export function scanMachines(
  site: string,
  machines: readonly Machine[],
  bastion: SshLogin | undefined,
  done: (name: string) => void,
): Promise<readonly Scan[]> {
  return inParallel(machines, atOnce, async (machine) => {
    try {
      const keys = await scanHostKeys(machine, {
        site,
        ...(bastion === undefined ? {} : { bastion }),
      });
      return { ...machine, shown: compareKeys(machine.pinned, keys) };
    } catch (problem) {
      if (!(problem instanceof SshError)) throw problem;
      return { ...machine, shown: [], problem };
    } finally {
      done(machine.name);
    }
  });
}
