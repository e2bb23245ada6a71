import { jobs } from "./jobs";
import type { LabelIs, Silencing } from "./notification-types";
import { scrapeLabels } from "./scrape-labels";
import { testLabel } from "./special-labels";

/** What is not told while its cause is: one fault is one message, and not one for each thing that it stops. */

const has = (label: string): LabelIs => ({ label, isNot: [""] });
const named = (...names: readonly string[]): LabelIs => ({ label: "alertname", is: names });
const critical: LabelIs = { label: "severity", is: ["critical"] };
const lesser: LabelIs = { label: "severity", is: ["warning", "info"] };

/** Tests neither silence anything nor are silenced. */
const real: LabelIs = { label: testLabel, is: [""] };

/** What is critical about a thing is told; what is less about the same thing is not, too. */
function criticalFirst(what: string, key: string, ...further: readonly string[]): Silencing {
  return {
    name: `critical before lesser, of the same ${what}`,
    cause: [real, critical, has(key)],
    silenced: [real, lesser, has(key)],
    sameLabels: [key, ...further],
  };
}

/**
 * Of a machine that is lost, its loss alone is told. Other things that are critical about it, such as a disk that is
 * almost full, may last for days and hide nothing meanwhile.
 */
function lostFirst(alert: string, key: string): Silencing {
  return {
    name: `${alert} before lesser, of the same ${key}`,
    cause: [real, critical, named(alert), has(key)],
    silenced: [real, lesser, has(key)],
    sameLabels: [key],
  };
}

export const silencings: readonly Silencing[] = [
  criticalFirst(
    "alert",
    "alertname",
    ...["namespace", scrapeLabels.workload, "pod", scrapeLabels.host, "node", "instance"],
  ),
  criticalFirst("workload", scrapeLabels.workload, "namespace"),
  {
    // Which Pods ran there no alert of theirs says: they may be anywhere by now.
    name: "a lost node before Pods that are missing",
    // A machine beside the cluster runs none.
    cause: [
      real,
      named("HostDown", "NodeNotReady"),
      { label: "job", isNot: [jobs.hosts, jobs.windows] },
    ],
    silenced: [
      real,
      lesser,
      named("PodNotReady", "DeploymentShort", "StatefulSetShort", "DaemonSetShort"),
    ],
    sameLabels: [],
  },
  lostFirst("HostDown", scrapeLabels.host),
  lostFirst("NodeNotReady", "node"),
  {
    name: "the control plane before all that it no longer looks after",
    cause: [real, named("ApiServerDown", "EtcdQuorumLost")],
    silenced: [real, lesser, { label: "dimension", is: ["system", "service"] }],
    sameLabels: [],
  },
];
