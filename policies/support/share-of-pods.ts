const percentage = /^(\d{1,3})%$/;

/**
 * Pods that a number or a share of them such as `25%` comes to; undefined for what is neither. Kubernetes rounds up
 * everywhere but in what a Deployment may be short of.
 */
export function shareOfPods(
  value: unknown,
  total: number,
  rounded: "up" | "down" = "up",
): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== "string") return undefined;
  const [, percent] = percentage.exec(value) ?? [];
  if (percent === undefined) return undefined;
  const share = (total * Number(percent)) / 100;
  return rounded === "up" ? Math.ceil(share) : Math.floor(share);
}

/**
 * Pods that a Deployment's update may be short of, and have beyond those wanted; Kubernetes' defaults filled in. Where
 * both come to none by rounding, it is short of one. Undefined where the strategy cannot be read.
 */
export function rollingBounds(
  rollingUpdate: Readonly<Record<string, unknown>>,
  replicas: number,
): { readonly short: number; readonly beyond: number } | undefined {
  const { maxUnavailable = "25%", maxSurge = "25%" } = rollingUpdate;
  const short = shareOfPods(maxUnavailable, replicas, "down");
  const beyond = shareOfPods(maxSurge, replicas);
  if (short === undefined || beyond === undefined) return undefined;
  return { short: short === 0 && beyond === 0 ? 1 : short, beyond };
}
