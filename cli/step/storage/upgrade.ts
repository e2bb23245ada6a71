import { rookUpgradeFault } from "../../../site/platform/storage-upgrade";
import { RunError } from "../../../site/run-error";
import { exitCodes } from "../../exit-codes";
import type { StepContext } from "../step-context";
import { Kubectl, type KubeObject } from "./kubectl";

/** What runs at a site before its storage is changed. */
export interface RunningCeph {
  /** Version of Rook's operator; absent where none runs. */
  readonly rook?: string;
  /** Image of Ceph; absent where there is no cluster. */
  readonly image?: string;
  /** As Ceph reports it, such as HEALTH_OK; absent before it first did. */
  readonly health?: string;
  readonly phase?: string;
}

/** Whether Rook and Ceph may become what the site wants, from what runs there now. Changes nothing. */
export async function storageUpgrade(step: StepContext): Promise<unknown> {
  const wanted = step.need("cephUpgrade");
  const kubectl = new Kubectl(step, wanted.controlPlane);
  const [operator, clusters] = await Promise.all([
    kubectl.get(wanted.namespace, "deployment", "rook-ceph-operator"),
    kubectl.list(wanted.namespace, "cephclusters.ceph.rook.io"),
  ]);
  const running = runningCeph(operator, clusters[0]);
  const refusal = upgradeRefusal(running, wanted);
  if (refusal !== undefined) throw refusal;
  if (running.rook === undefined) step.say("no Rook runs yet: it is installed anew");
  else if (running.rook === wanted.rook) step.say(`Rook ${running.rook} runs already`);
  else step.say(`Rook goes from ${running.rook} to ${wanted.rook}; Ceph says ${running.health}`);
  return { from: running.rook ?? "none", to: wanted.rook };
}

/** What the cluster's objects say of Rook and Ceph. */
export function runningCeph(
  operator: KubeObject | undefined,
  cluster: KubeObject | undefined,
): RunningCeph {
  const image: unknown = operator?.spec?.template?.spec?.containers?.[0]?.image;
  const rook = typeof image === "string" ? image.split("@")[0]?.split(":").at(-1) : undefined;
  const cephImage = cluster?.spec?.cephVersion?.image;
  const health = cluster?.status?.ceph?.health;
  const phase = cluster?.status?.phase;
  return {
    ...(rook !== undefined && { rook }),
    ...(cephImage !== undefined && { image: cephImage }),
    ...(health !== undefined && { health }),
    ...(phase !== undefined && { phase }),
  };
}

/** Why nothing may be changed now; undefined when it may. */
export function upgradeRefusal(
  { rook, image, health }: RunningCeph,
  wanted: { readonly rook: string; readonly image: string },
): RunError | undefined {
  if (rook !== undefined && rook !== wanted.rook) {
    const fault = rookUpgradeFault(rook, wanted.rook);
    if (fault !== undefined) {
      return refusal(
        `Rook ${rook} runs here and cannot become ${wanted.rook}: it needs ${fault.needed}`,
        fault.next,
      );
    }
  }
  const changes = rook !== undefined && (rook !== wanted.rook || image !== wanted.image);
  if (!changes || image === undefined || health === "HEALTH_OK" || health === "HEALTH_WARN") {
    return undefined;
  }
  return refusal(
    `Ceph says ${health ?? "nothing of its health"}: an upgrade needs HEALTH_OK, and nothing was changed`,
    "find the cause with kubectl -n rook-ceph exec deploy/rook-ceph-tools -- ceph health detail, mend it, and run again",
  );
}

function refusal(message: string, nextStep: string): RunError {
  return new RunError(message, { exitCode: exitCodes.remote, nextStep });
}
