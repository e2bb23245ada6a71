import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { watchdogAlert } from "../special-labels";
import { systemAlert } from "./rule";

/** What watches everything else, and who watches that. */

const prometheus = `job="${jobs.prometheus}"`;
const alertmanager = `job="${jobs.alertmanager}"`;
const operator = `job="${jobs.operator}"`;

/** Jobs whose targets have rules of their own. */
const told = [
  jobs.nodes,
  jobs.hosts,
  jobs.windows,
  jobs.apiServer,
  jobs.etcd,
  jobs.haproxy,
  jobs.harbor,
];

export const monitoringRules: RuleGroup = {
  name: "monitoring",
  rules: [
    systemAlert({
      alert: watchdogAlert,
      severity: "info",
      minutes: 0,
      expr: "vector(1)",
      summary: "Monitoring is alive",
      description:
        "It always fires. A place outside the site that stops hearing it knows that the site can no longer tell of anything.",
      runbook: [
        "Nothing is to be done while it arrives.",
        "When it is missing outside: is the site reachable at all? Then Prometheus, Alertmanager, and the way out to the heartbeat.",
      ],
    }),
    systemAlert({
      alert: "TargetDown",
      severity: "warning",
      minutes: 10,
      expr: `count by (job, namespace, service) (up{job!~"${told.join("|")}"} == 0)`,
      summary: "{{ $value }} of {{ $labels.job }} cannot be read",
      description: "What they would tell is not known, and rules over it stay quiet.",
      runbook: [
        "`./sitewright observe <site>` shows them with their faults.",
        "`connection refused`: does the Pod run? `context deadline exceeded`: a network policy or firewall. 401, 403: login or role. x509: the authority of its certificate.",
      ],
    }),
    systemAlert({
      alert: "ClusterStateUnknown",
      severity: "critical",
      minutes: 10,
      expr: `absent(up{job="${jobs.clusterState}"} == 1)`,
      summary: "Nothing tells of Pods, Deployments and nodes any more",
      description: "Most rules over workloads stay quiet meanwhile.",
      runbook: [
        "`kubectl -n monitoring get pods -l app.kubernetes.io/name=kube-state-metrics` and its logs.",
      ],
    }),
    systemAlert({
      alert: "RulesFail",
      severity: "critical",
      minutes: 15,
      expr: `increase(prometheus_rule_evaluation_failures_total{${prometheus}}[5m]) > 0`,
      summary: "Prometheus {{ $labels.pod }} cannot work out rules of {{ $labels.rule_group }}",
      description: "Their alerts stay quiet.",
      runbook: [
        "`kubectl -n monitoring logs <pod> -c prometheus | grep -i 'evaluating rule'`; mostly two series where one was expected.",
      ],
    }),
    systemAlert({
      alert: "RulesLate",
      severity: "warning",
      minutes: 15,
      expr: `increase(prometheus_rule_group_iterations_missed_total{${prometheus}}[5m]) > 0`,
      summary: "Prometheus {{ $labels.pod }} leaves rounds of {{ $labels.rule_group }} out",
      description: "It is too slow for its rules; alerts come late.",
      runbook: [
        "Give it more processor under `monitoring.resources`, or a longer `monitoring.intervalSeconds`.",
      ],
    }),
    systemAlert({
      alert: "ConfigurationRefused",
      severity: "critical",
      minutes: 10,
      expr: `max_over_time(prometheus_config_last_reload_successful{${prometheus}}[5m]) == 0 or max_over_time(alertmanager_config_last_reload_successful{${alertmanager}}[5m]) == 0`,
      summary: "{{ $labels.pod }} refuses its configuration",
      description: "It goes on with the one before; after a restart it does not come up.",
      runbook: [
        "`kubectl -n monitoring logs <pod>`: the line at fault.",
        "`./sitewright check`, then deploy again.",
      ],
    }),
    systemAlert({
      alert: "FiguresNotKept",
      severity: "critical",
      minutes: 10,
      expr: `increase(prometheus_tsdb_compactions_failed_total{${prometheus}}[3h]) > 0 or increase(prometheus_tsdb_wal_corruptions_total{${prometheus}}[3h]) > 0`,
      summary: "Prometheus {{ $labels.pod }} cannot write its figures down",
      description: "Its volume is full or faulty.",
      runbook: [
        "See VolumeAlmostFull for its claim; `kubectl -n monitoring logs <pod> -c prometheus | grep -i tsdb`.",
        "Lower `monitoring.retentionDays` or raise `monitoring.sizeGiB`.",
      ],
    }),
    systemAlert({
      alert: "FiguresFillUp",
      severity: "warning",
      minutes: 60,
      expr: `(prometheus_tsdb_storage_blocks_bytes{${prometheus}} + prometheus_tsdb_wal_storage_size_bytes{${prometheus}}) / (prometheus_tsdb_retention_limit_bytes{${prometheus}} > 0) > 1.05`,
      summary:
        "The figures of Prometheus {{ $labels.pod }} take {{ $value | humanizePercentage }} of the room that they may",
      description: "Old ones are dropped before their days are over; the volume may fill.",
      runbook: [
        "Raise `monitoring.sizeGiB`, or lower `monitoring.retentionDays`.",
        'Who brings so many? In Prometheus: `topk(10, count by (job) ({__name__=~".+"}))`.',
      ],
    }),
    systemAlert({
      alert: "SamplesRefused",
      severity: "warning",
      minutes: 15,
      expr: `increase(prometheus_target_scrapes_exceeded_sample_limit_total{${prometheus}}[10m]) > 0 or increase(prometheus_target_scrapes_sample_out_of_order_total{${prometheus}}[10m]) > 100`,
      summary: "Prometheus {{ $labels.pod }} drops figures of targets",
      description: "A target shows more than it may, or the same ones twice with other times.",
      runbook: [
        "`kubectl -n monitoring logs <pod> -c prometheus | grep -iE 'sample_limit|out of order'` names the target.",
      ],
    }),
    systemAlert({
      alert: "AlertmanagerUnreached",
      severity: "critical",
      minutes: 10,
      expr: `max_over_time(prometheus_notifications_alertmanagers_discovered{${prometheus}}[5m]) < 1`,
      summary: "Prometheus {{ $labels.pod }} knows no Alertmanager",
      description: "Nobody is told of anything by it.",
      runbook: [
        "`kubectl -n monitoring get pods -l app.kubernetes.io/name=alertmanager` and the Service of the same name.",
      ],
    }),
    systemAlert({
      alert: "AlertsNotHandedOver",
      severity: "critical",
      minutes: 10,
      expr: `rate(prometheus_notifications_errors_total{${prometheus}}[5m]) / rate(prometheus_notifications_sent_total{${prometheus}}[5m]) > 0.1`,
      summary:
        "Prometheus {{ $labels.pod }} fails to hand {{ $value | humanizePercentage }} of its alerts to {{ $labels.alertmanager }}",
      description: "Some of them are told late or never.",
      runbook: [
        "`kubectl -n monitoring logs <pod> -c prometheus | grep -i notifier`; then Alertmanager's own log.",
      ],
    }),
    systemAlert({
      alert: "NotificationsFail",
      severity: "critical",
      minutes: 5,
      expr: `sum by (integration, reason) (rate(alertmanager_notifications_failed_total{${alertmanager}}[5m])) > 0`,
      summary: "Messages by {{ $labels.integration }} are not delivered ({{ $labels.reason }})",
      description: "Those who should know of alerts do not.",
      runbook: [
        "`kubectl -n monitoring logs -l app.kubernetes.io/name=alertmanager -c alertmanager | grep -i notify`: the other side's own words.",
        "`./sitewright alerts test <site>` once corrected: is the mail server reached, did a password or an address change?",
      ],
    }),
    systemAlert({
      alert: "AlertmanagersApart",
      severity: "warning",
      minutes: 15,
      expr: `max_over_time(alertmanager_cluster_members{${alertmanager}}[5m]) < on () group_left () count(up{${alertmanager}} == 1)`,
      summary: "{{ $labels.pod }} does not know the other Alertmanagers",
      description: "Messages come twice, and silences hold in one of them only.",
      runbook: ["Network policies: TCP and UDP 9094 between their Pods."],
    }),
    systemAlert({
      alert: "OperatorFails",
      severity: "warning",
      minutes: 15,
      expr: `sum by (controller) (rate(prometheus_operator_reconcile_errors_total{${operator}}[5m])) / sum by (controller) (rate(prometheus_operator_reconcile_operations_total{${operator}}[5m])) > 0.1`,
      summary: "The operator of Prometheus fails ({{ $labels.controller }})",
      description: "Changes of monitors and rules do not arrive.",
      runbook: ["`kubectl -n monitoring logs deploy/monitoring-operator`."],
    }),
    systemAlert({
      alert: "MonitorRefused",
      severity: "warning",
      minutes: 5,
      expr: `min_over_time(prometheus_operator_managed_resources{${operator},state="rejected"}[5m]) > 0`,
      summary: "{{ $value }} objects of {{ $labels.resource }} are refused",
      description: "What they ask for is not read, or not worked out.",
      runbook: [
        "`kubectl -n monitoring logs deploy/monitoring-operator | grep -i skipping` names them.",
      ],
    }),
  ],
};
