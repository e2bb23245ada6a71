import { beatFigures as figures } from "../../platform/beat-figures";
import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** What brings logs and further figures out of the site. */

const beats = `job=~"${jobs.filebeat}|${jobs.metricbeat}"`;
const filebeat = `job="${jobs.filebeat}"`;

const other = [
  "`kubectl -n logging logs <pod> -c filebeat | grep -iE 'error|warn'`: refused, not reached, or a certificate?",
  "Is the other side up, does it have room, did a password or an address change (`logging` in the site file)?",
];

export const loggingRules: RuleGroup = {
  name: "logging",
  rules: [
    systemAlert({
      alert: "LogsNotRead",
      severity: "warning",
      minutes: 10,
      expr: `up{${beats}} == 0`,
      summary: "{{ $labels.job }} of {{ $labels.host }} does not answer",
      description: "Logs of that host stay there; the oldest are lost when files are rotated.",
      runbook: [
        "`kubectl -n logging describe pod <pod>`: OOMKilled, no room, not started?",
        "`kubectl -n logging logs <pod> --previous`.",
      ],
    }),
    systemAlert({
      alert: "LogsNotShipped",
      severity: "critical",
      minutes: 15,
      expr: `rate(${figures.acknowledged.name}{${filebeat}}[10m]) == 0 and ${figures.active.name}{${filebeat}} > 0`,
      summary: "Filebeat of {{ $labels.host }} gets rid of nothing",
      description: "Logs wait on the node; the oldest are lost when files are rotated.",
      runbook: other,
    }),
    systemAlert({
      alert: "LogQueueFull",
      severity: "warning",
      minutes: 15,
      expr: `min_over_time(${figures.active.name}{${beats}}[5m]) / (${figures.queueSize.name}{${beats}} > 0) > 0.9`,
      summary: "The queue of {{ $labels.job }} on {{ $labels.host }} is full",
      description: "More is logged than the other side takes: logs come late.",
      runbook: [
        ...other,
        "Who logs so much? `kubectl logs` of the busiest Pods of that node; lower their level, or drop lines under `logging`.",
      ],
    }),
    systemAlert({
      alert: "LogsRefused",
      severity: "warning",
      minutes: 15,
      expr: `rate(${figures.failed.name}{${beats}}[5m]) > 0.1 * rate(${figures.acknowledged.name}{${beats}}[5m])`,
      summary:
        "The other side refuses a good part of what {{ $labels.job }} of {{ $labels.host }} sends",
      description: "It is tried again and again; other logs wait behind it.",
      runbook: other,
    }),
    systemAlert({
      alert: "LogsLost",
      severity: "warning",
      minutes: 0,
      expr: `increase(${figures.dropped.name}{${beats}}[15m]) > 0`,
      summary: '{{ $labels.job }} of {{ $labels.host }} dropped {{ printf "%.0f" $value }} events',
      description:
        "They are not found later: too large, or of a shape that the index does not take.",
      runbook: [
        "`kubectl -n logging logs <pod> | grep -i drop` says why.",
        "A field that is a number here and a text there: correct the workload's log.",
      ],
    }),
  ],
};
