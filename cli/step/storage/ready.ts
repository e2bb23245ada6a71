import { setTimeout as sleep } from "node:timers/promises";
import type { StorageReadyRequest } from "../../../components/support/step-request";
import { RunError } from "../../../site/run-error";
import { exitCodes } from "../../exit-codes";
import type { StepContext } from "../step-context";
import { type CephState, cephState } from "./ceph-state";
import { Kubectl } from "./kubectl";
import { seeVolume } from "./volume";

/** Bound for Ceph to do all that it is there for, once its objects say that they are ready. */
const READY_SECONDS = 1800;

const EARLY_TURNS = 10;
const EARLY_PAUSE_SECONDS = 1;
const PAUSE_SECONDS = 10;

/**
 * Waits until the site's storage works: Ceph in health and of the wanted version, a daemon for every disk, the CSI
 * drivers' Pods, and a volume from each class, which is removed again.
 * @throws RunError that says what is still missing after `seconds`, default 1800.
 */
export async function storageReady(step: StepContext, seconds = READY_SECONDS): Promise<unknown> {
  const wanted = step.need("storageReady");
  const kubectl = new Kubectl(step, wanted.controlPlane);
  const deadline = Date.now() + seconds * 1000;
  const state = wanted.ceph && (await waitForCeph(step, kubectl, wanted, deadline));
  for (const storageClass of wanted.classes) {
    await seeVolume(step, kubectl, { namespace: wanted.namespace, storageClass, deadline });
  }
  return { classes: wanted.classes, ...(state && { health: state.health }) };
}

/** Ceph as it is now. An API server that does not answer for a moment is one more thing to wait for. */
async function look(
  kubectl: Kubectl,
  namespace: string,
  ceph: NonNullable<StorageReadyRequest["ceph"]>,
): Promise<CephState> {
  try {
    const [clusters, osds, deployments, daemonSets] = await Promise.all([
      kubectl.list(namespace, "cephclusters.ceph.rook.io"),
      kubectl.list(namespace, "deployments", "app=rook-ceph-osd"),
      kubectl.list(namespace, "deployments"),
      kubectl.list(namespace, "daemonsets"),
    ]);
    return cephState(ceph, { cluster: clusters[0], osds, deployments, daemonSets });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const [what = ""] = error.message.split("\n");
    return { health: "", version: "", warnings: [], missing: [what] };
  }
}

async function waitForCeph(
  step: StepContext,
  kubectl: Kubectl,
  { namespace, ceph }: StorageReadyRequest,
  deadline: number,
): Promise<CephState> {
  if (ceph === undefined) throw new Error("no Ceph was asked for");
  let before = "";
  for (let turn = 0; ; turn++) {
    const state = await look(kubectl, namespace, ceph);
    if (state.missing.length === 0) {
      const disks = Object.values(ceph.disks).reduce((sum, count) => sum + count, 0);
      step.say(`Ceph ${state.version} works on ${disks} disks and says ${state.health}`);
      if (state.health !== "HEALTH_OK") {
        step.say(`what it warns of: ${state.warnings.join("; ") || "see ceph health detail"}`);
      }
      return state;
    }
    if (Date.now() > deadline) {
      throw new RunError(`Ceph is not ready:\n  ${state.missing.join("\n  ")}`, {
        exitCode: exitCodes.remote,
        nextStep:
          "look at kubectl -n rook-ceph logs deploy/rook-ceph-operator, and for disks at the logs of the Jobs rook-ceph-osd-prepare-<host>; then run the same command again",
      });
    }
    const line = `waiting for Ceph: ${state.missing.join("; ")}`;
    if (line !== before) step.say(line);
    before = line;
    await sleep((turn < EARLY_TURNS ? EARLY_PAUSE_SECONDS : PAUSE_SECONDS) * 1000);
  }
}
