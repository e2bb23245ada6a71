import { setTimeout as sleep } from "node:timers/promises";
import { RunError } from "../../../site/run-error";
import { exitCodes } from "../../exit-codes";
import type { StepContext } from "../step-context";
import type { Kubectl } from "./kubectl";

export interface VolumeWish {
  readonly namespace: string;
  readonly storageClass: string;
  /** Milliseconds since 1970 after which it is given up. */
  readonly deadline: number;
}

/** Least time for a volume, however late it has become. */
const LEAST_SECONDS = 60;
const PAUSE_SECONDS = 1;

/**
 * Claims a small volume of a class, waits until there is one, and removes both. A claim that an earlier run left is
 * taken over.
 */
export async function seeVolume(
  step: StepContext,
  kubectl: Kubectl,
  { namespace, storageClass, deadline }: VolumeWish,
): Promise<void> {
  const name = `sitewright-check-${storageClass}`.slice(0, 63).replace(/-+$/, "");
  const claim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace, labels: { "app.kubernetes.io/managed-by": "sitewright" } },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: storageClass,
      resources: { requests: { storage: "1Gi" } },
    },
  };
  await kubectl.apply(claim);
  const until = Math.max(deadline, Date.now() + LEAST_SECONDS * 1000);
  for (;;) {
    const found = await kubectl.get(namespace, "persistentvolumeclaim", name);
    if (found?.status?.phase === "Bound") {
      await removeVolume(kubectl, namespace, name, String(found.spec?.volumeName ?? ""));
      step.say(`class ${storageClass} gives volumes`);
      return;
    }
    if (Date.now() > until) {
      throw new RunError(
        `class ${storageClass} gives no volume: its claim stays ${found?.status?.phase ?? "unmade"}`,
        {
          exitCode: exitCodes.remote,
          nextStep: `look at kubectl -n ${namespace} describe pvc ${name}; then run the same command again`,
        },
      );
    }
    await sleep(PAUSE_SECONDS * 1000);
  }
}

/** A class that keeps volumes would keep this one too. */
async function removeVolume(kubectl: Kubectl, namespace: string, claim: string, volume: string) {
  if (volume !== "") {
    const patch = JSON.stringify({ spec: { persistentVolumeReclaimPolicy: "Delete" } });
    await kubectl.run(["patch", "persistentvolume", volume, "--type=merge", "-p", patch]);
  }
  await kubectl.run([
    ...["-n", namespace, "delete", "persistentvolumeclaim", claim],
    ...["--wait=false", "--ignore-not-found"],
  ]);
}
