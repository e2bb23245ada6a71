import { jobs } from "../alerting/jobs";
import { beatFigures as figures } from "../platform/beat-figures";
import type { Dashboard } from "./dashboard-types";
import { bars, fullIsBad, lines, noneIsWell, number, oneIsWell } from "./panels";
import { from } from "./selectors";
import { folders, uids } from "./uids";

const filebeat = from(jobs.filebeat);
const beats = `{job=~"${jobs.filebeat}|${jobs.metricbeat}"}`;
const rate = (name: string, of: string) => `sum by (host) (rate(${name}${of}[5m]))`;

/** Filebeat and Metricbeat: whether what is logged arrives. */
export function loggingDashboard(): Dashboard {
  return {
    uid: uids.logging,
    title: "Logging",
    description: "Filebeat and Metricbeat: whether what is logged arrives where it is kept.",
    folder: folders.platform,
    variables: [],
    links: [uids.overview, uids.hosts],
    rows: [
      {
        title: "State",
        panels: [
          number(
            "Nodes whose logs are read",
            "Filebeats that answer: one on each node.",
            "none",
            `sum(up${filebeat})`,
            oneIsWell,
          ),
          number(
            "Lost in an hour",
            "Entries that the other side refused for good: nobody finds them later.",
            "short",
            `sum(increase(${figures.dropped.name}${beats}[1h]))`,
            noneIsWell,
          ),
          number(
            "Files read",
            "Log files that are open.",
            "short",
            `sum(${figures.harvesters.name}${filebeat})`,
          ),
          bars(
            "Queues",
            "Share of the queue in memory that waits for the other side. Full: logs come late.",
            "percentunit",
            [
              [
                `${figures.active.name}${beats} / (${figures.queueSize.name}${beats} > 0)`,
                "{{host}} {{job}}",
              ],
            ],
            fullIsBad,
          ),
        ],
      },
      {
        title: "Entries",
        panels: [
          lines("Read", "Entries that were read, by node.", "ops", [
            [rate(figures.published.name, filebeat), "{{host}}"],
          ]),
          lines("Taken", "Entries that the other side took, by node.", "ops", [
            [rate(figures.acknowledged.name, filebeat), "{{host}}"],
          ]),
          lines("Refused", "Entries that were not taken and are sent again, or never.", "ops", [
            [rate(figures.failed.name, beats), "{{host}} sent again"],
            [rate(figures.dropped.name, beats), "{{host}} lost"],
          ]),
          lines("Broken connections", "Connections to the other side that broke.", "ops", [
            [rate(figures.outputErrors.name, beats), "{{host}}"],
          ]),
          lines("Memory", "Memory of the programs.", "bytes", [
            [`${figures.memory.name}${beats}`, "{{host}} {{job}}"],
          ]),
          lines("Left out", "Entries that rules of the site or a workload leave out.", "ops", [
            [rate(figures.filtered.name, filebeat), "{{host}}"],
          ]),
        ],
      },
    ],
  };
}
