import type { Silencing } from "./notification-types";
import { scrapeLabels } from "./scrape-labels";

/** What is not told while its cause is: one fault is one message, and not one for each thing that it stops. */

const critical = { label: "severity", is: ["critical"] };
const lesser = { label: "severity", is: ["warning", "info"] };
const has = (label: string) => ({ label, isNot: [""] });

export const silencings: readonly Silencing[] = [
  {
    name: "critical before lesser, of the same alert",
    cause: [critical],
    silenced: [lesser],
    sameLabels: ["alertname", "namespace", scrapeLabels.workload, scrapeLabels.host, "instance"],
  },
  {
    name: "critical before lesser, of the same workload",
    cause: [critical, has(scrapeLabels.workload)],
    silenced: [lesser, has(scrapeLabels.workload)],
    sameLabels: ["namespace", scrapeLabels.workload],
  },
  {
    name: "critical before lesser, of the same host",
    cause: [critical, has(scrapeLabels.host)],
    silenced: [lesser, has(scrapeLabels.host)],
    sameLabels: [scrapeLabels.host],
  },
];
