import { jobs } from "../alerting/jobs";
import type { Dashboard } from "./dashboard-types";
import { bars, lines, noneIsWell, number, table } from "./panels";
import { from } from "./selectors";
import { folders, uids } from "./uids";

const own = from(jobs.prometheus);
const alerts = from(jobs.alertmanager);

/** Monitoring itself: whether figures arrive, rules are looked at and people are told. */
export function monitoringDashboard(): Dashboard {
  return {
    uid: uids.monitoring,
    title: "Monitoring",
    description: "Whether figures arrive, rules are looked at and people are told.",
    folder: folders.platform,
    variables: [],
    links: [uids.overview],
    rows: [
      {
        title: "Figures",
        panels: [
          number(
            "Targets down",
            "Targets that do not answer.",
            "none",
            'count(up{job=~".+"} == 0)',
            noneIsWell,
          ),
          number(
            "Failing rules",
            "Rules that could not be looked at in ten minutes.",
            "none",
            `sum(increase(prometheus_rule_evaluation_failures_total${own}[10m]))`,
            noneIsWell,
          ),
          number(
            "Series",
            "Series in memory; each takes some kilobytes.",
            "short",
            `max(prometheus_tsdb_head_series${own})`,
          ),
          number(
            "Kept for",
            "Age of the oldest figure.",
            "dtdurations",
            `max(time() - prometheus_tsdb_lowest_timestamp_seconds${own})`,
          ),
          table(
            "Targets that are down",
            "Jobs and addresses that do not answer.",
            "none",
            'up{job=~".+"} == 0',
            { job: "Job", instance: "Target", namespace: "Namespace", pod: "Pod" },
            { width: 8 },
          ),
          lines("Room", "Disk that figures take.", "bytes", [
            [`prometheus_tsdb_storage_blocks_bytes${own}`, "{{pod}} blocks"],
            [`prometheus_tsdb_wal_storage_size_bytes${own}`, "{{pod}} log"],
          ]),
          bars("Samples by job", "The ten jobs that bring most.", "short", [
            ['topk(10, sum by (job) (scrape_samples_scraped{job=~".+"}))', "{{job}}"],
          ]),
          lines("Slowest scrapes", "The five jobs whose targets take longest to answer.", "s", [
            ['topk(5, max by (job) (scrape_duration_seconds{job=~".+"}))', "{{job}}"],
          ]),
          lines("Looking at rules", "Time that a group of rules takes, the five longest.", "s", [
            [`topk(5, prometheus_rule_group_last_duration_seconds${own})`, "{{rule_group}}"],
          ]),
        ],
      },
      {
        title: "Notification",
        panels: [
          number("Alertmanagers", "Alertmanagers that answer.", "none", `sum(up${alerts})`),
          number(
            "Alerts lost",
            "Alerts that Prometheus could not hand over in ten minutes.",
            "none",
            `sum(increase(prometheus_notifications_dropped_total${own}[10m]))`,
            noneIsWell,
          ),
          number(
            "Failed messages",
            "Messages that could not be sent in an hour.",
            "none",
            `sum(increase(alertmanager_notifications_failed_total${alerts}[1h]))`,
            noneIsWell,
          ),
          number(
            "Silences",
            "Silences that hold now; what they cover reaches nobody.",
            "none",
            `max(alertmanager_silences${from(jobs.alertmanager, 'state="active"')})`,
            { thresholds: [{ colour: "green" }, { from: 1, colour: "blue" }] },
          ),
          lines("Messages", "Messages sent, by kind of receiver.", "ops", [
            [
              `sum by (integration) (rate(alertmanager_notifications_total${alerts}[5m]))`,
              "{{integration}}",
            ],
          ]),
          lines(
            "Failed messages",
            "Messages that could not be sent, by kind of receiver and reason.",
            "ops",
            [
              [
                `sum by (integration, reason) (rate(alertmanager_notifications_failed_total${alerts}[5m])) > 0`,
                "{{integration}} {{reason}}",
              ],
            ],
          ),
        ],
      },
    ],
  };
}
