/** Kinds of workload, as Kubernetes calls them. */
export const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"] as const;
export type WorkloadKind = (typeof workloadKinds)[number];
