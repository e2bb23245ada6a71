import type { KubeObject } from "../kubekey/cluster/kube-api";

/** Conditions of a status, as operators write them. */

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

interface Written extends Condition {
  readonly lastTransitionTime: string;
}

/** The conditions that an object has. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  const { conditions } = (object.status ?? {}) as { conditions?: readonly Condition[] };
  return conditions ?? [];
}

export function isReady(object: KubeObject | undefined): boolean {
  if (object === undefined) return false;
  return conditionsOf(object).some(({ type, status }) => type === "Ready" && status === "True");
}

/** These conditions with their times: one that has not changed keeps the time that it has. */
export function timed(
  conditions: readonly Condition[],
  before: readonly Condition[],
): readonly Written[] {
  return conditions.map((condition) => {
    const same = before.find(
      (one) => one.type === condition.type && one.status === condition.status,
    ) as Written | undefined;
    const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    return { ...condition, lastTransitionTime: same?.lastTransitionTime ?? now };
  });
}
