import type { Cluster } from "../client/cluster";
import { pluckString } from "../objects/kube-object";

/** Most warnings to show; the newest count. */
const MOST = 10;

/**
 * What the cluster's own warnings say about objects of these UIDs: failed scheduling, image pulls,
 * mounts and probes. Never fails, since it only explains another failure.
 */
export async function warningsAbout(
  cluster: Cluster,
  namespace: string,
  uids: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    const events = await cluster.list(
      { group: "", version: "v1", kind: "Event" },
      namespace,
      signal,
    );
    const warnings = events
      .filter(
        (event) =>
          event.type === "Warning" && uids.has(pluckString(event, "involvedObject", "uid")),
      )
      .map((event) => {
        const who = `${pluckString(event, "involvedObject", "kind")} ${pluckString(event, "involvedObject", "name")}`;
        return `[${who}] ${pluckString(event, "reason")}: ${pluckString(event, "message")}`;
      });
    return [...new Set(warnings)].slice(-MOST);
  } catch {
    return [];
  }
}
