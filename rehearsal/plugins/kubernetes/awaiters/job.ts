import { isOwnedBy, pluckMaps, pluckNumber, pluckString } from "../objects/kube-object";
import { podReasons, shownName } from "./pod";
import { type Awaiter, KINDS, READY, type Scene, type Verdict, waiting } from "./verdict";

/** Jobs are ready when they have completed; a failed one fails at once. */
export const jobAwaiter: Awaiter = {
  related: [KINDS.pod],
  judgesRead: true,
  judge: judgeJob,
};

function judgeJob(scene: Scene): Verdict {
  const { object: job } = scene;
  const name = shownName(job);
  const conditions = pluckMaps(job, "status", "conditions").filter((c) => c.status === "True");
  const failed = conditions.find((condition) => condition.type === "Failed");
  const reasons = podReasons(scene.related("Pod").filter((pod) => isOwnedBy(pod, job)));
  if (failed !== undefined) {
    const why = `[${pluckString(failed, "reason")}] ${pluckString(failed, "message")}`;
    return { ready: false, failed: true, progress: [], reasons: [why, ...reasons] };
  }
  if (pluckString(job, "status", "startTime") === "") {
    return waiting(`Waiting for Job "${name}" to start`, reasons);
  }
  if (conditions.some((condition) => condition.type === "Complete")) return READY;
  const count = (field: string) => pluckNumber(job, "status", field) ?? 0;
  const counts = `(Active: ${count("active")} | Succeeded: ${count("succeeded")} | Failed: ${count("failed")})`;
  return waiting(`Waiting for Job "${name}" to succeed ${counts}`, reasons);
}
