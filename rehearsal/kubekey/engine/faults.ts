import { readFileSync, rmSync } from "node:fs";

/**
 * What a journey makes go wrong, read from a file on the installer host. Only a rehearsal knows of it: the real kk
 * has no such file, and without the file the stand-in has no faults.
 */
export interface Faults {
  /** Module or task whose start kills kk with SIGKILL. */
  readonly dieAt?: string;
  /** Module or task that first waits. */
  readonly slow?: { readonly at: string; readonly seconds: number };
  /** Ends with exit code 0 before the last module, without any marker. */
  readonly withoutMarker?: boolean;
  /** API servers start but never answer. */
  readonly apiServerNeverReady?: boolean;
  /** How long kubeadm waits for an API server. Default: 240, as kubeadm. */
  readonly apiServerWaitSeconds?: number;
  /** Pause between the tries of a task. Default: 5, as the real one. */
  readonly retryDelaySeconds?: number;
  /** True: the file is removed when the first fault strikes, so that a rerun is sound. */
  readonly once?: boolean;
}

/** Where a journey writes the faults, on the installer host. */
export const faultsFile = "/etc/sitewright-rehearsal/kubekey-faults.json";

/** The faults wanted now; none when there is no file. A damaged file is an error of the journey. */
export function readFaults(path = faultsFile): Faults {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return {};
  }
  return JSON.parse(text) as Faults;
}

/** To be called as a fault strikes. */
export function struck(faults: Faults, path = faultsFile): void {
  if (faults.once === true) rmSync(path, { force: true });
}
