import type { PodObject } from "./objects";
import type { Trouble } from "./pod-trouble";
import type { Progress } from "./progress";
import type { WorkloadStatus } from "./status";

/** Where something sound is not what the site's file says: not deployed yet, or changed behind its back. */
export function differencesOf(
  { version, digest, pods, kind }: Pick<WorkloadStatus, "version" | "digest" | "pods" | "kind">,
  { told }: Progress,
): readonly Trouble[] {
  const differs = (why: string): Trouble => ({ why, look: "deploy", pods: [] });
  const other = version.running.filter((one) => one !== version.wanted);
  const images = digest.running.filter((one) => one !== digest.wanted);
  return [
    ...(other.length > 0
      ? [differs(`runs ${other.join(", ")}; the site's file says ${version.wanted}`)]
      : []),
    ...(other.length === 0 && images.length > 0 && digest.wanted !== ""
      ? [
          differs(
            `runs an image with the digest ${images.join(", ")}; the site's file says ${digest.wanted}`,
          ),
        ]
      : []),
    ...(kind !== "CronJob" && told !== pods.wanted
      ? [differs(`the cluster was told ${told} Pods; the site's file says ${pods.wanted}`)]
      : []),
  ];
}

/** Versions that Pods carry. */
export function runningVersions(pods: readonly PodObject[]): readonly string[] {
  const versions = pods.map(({ metadata }) => metadata.labels["app.kubernetes.io/version"] ?? "");
  return [...new Set(versions)].filter((one) => one !== "").sort();
}

/** What nodes say that they run. An ID without a repository names no digest that a registry knows, so it tells nothing. */
export function runningDigests(container: string, pods: readonly PodObject[]): readonly string[] {
  const reported = pods
    .flatMap(({ status }) => status.containerStatuses)
    .filter(({ name }) => name === container)
    .map(({ imageID }) => (imageID.includes("@") ? digestOf(imageID) : ""));
  return [...new Set(reported)].filter((one) => one !== "").sort();
}

/** The digest in a reference, or nothing. */
export function digestOf(reference: string): string {
  return /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1] ?? "";
}
