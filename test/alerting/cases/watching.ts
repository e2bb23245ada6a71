import { type Cases, pair, values } from "./case";

const prometheus = 'job="prometheus",instance="one",pod="prometheus-0"';
const alertmanager = 'job="alertmanager",instance="one",pod="alertmanager-0"';
const pod = { pod: "prometheus-0" };

export const monitoringCases: Cases = {
  Watchdog: {
    fires: [{ series: { up: "1x5" }, minutes: 2 }],
    // It is quiet before Prometheus has looked at anything: there is no figure that would stop it.
    quiet: [],
  },
  TargetDown: pair(
    20,
    { 'up{job="traefik",instance="one",namespace="traefik",service="traefik"}': "0x30" },
    // Told by another rule.
    { 'up{job="node-exporter",instance="one",namespace="monitoring",service="nodes"}': "0x30" },
    { job: "traefik" },
  ),
  ClusterStateUnknown: pair(
    20,
    { 'up{job="kube-state-metrics",instance="one"}': "0x30" },
    { 'up{job="kube-state-metrics",instance="one"}': "1x30" },
  ),
  RulesFail: values(
    30,
    `prometheus_rule_evaluation_failures_total{${prometheus},rule_group="hosts"}`,
    "0+1x40",
    "2x40",
    { ...pod, rule_group: "hosts" },
  ),
  RulesLate: values(
    30,
    `prometheus_rule_group_iterations_missed_total{${prometheus},rule_group="hosts"}`,
    "0+1x40",
    "2x40",
    { ...pod, rule_group: "hosts" },
  ),
  ConfigurationRefused: {
    fires: [
      {
        series: { [`prometheus_config_last_reload_successful{${prometheus}}`]: "0x30" },
        minutes: 20,
        labels: pod,
      },
      {
        series: { [`alertmanager_config_last_reload_successful{${alertmanager}}`]: "0x30" },
        minutes: 20,
        labels: { pod: "alertmanager-0" },
      },
    ],
    quiet: [
      {
        series: {
          [`prometheus_config_last_reload_successful{${prometheus}}`]: "1x30",
          [`alertmanager_config_last_reload_successful{${alertmanager}}`]: "1x30",
        },
        minutes: 20,
      },
    ],
  },
  FiguresNotKept: values(
    30,
    `prometheus_tsdb_compactions_failed_total{${prometheus}}`,
    "0+1x40",
    "1x40",
    pod,
  ),
  FiguresFillUp: values(
    90,
    [
      `prometheus_tsdb_storage_blocks_bytes{${prometheus}}`,
      `prometheus_tsdb_wal_storage_size_bytes{${prometheus}}`,
      `prometheus_tsdb_retention_limit_bytes{${prometheus}}`,
    ],
    ["100x100", "20x100", "100x100"],
    ["80x100", "10x100", "100x100"],
    pod,
  ),
  SamplesRefused: values(
    40,
    `prometheus_target_scrapes_exceeded_sample_limit_total{${prometheus}}`,
    "0+1x50",
    "1x50",
    pod,
  ),
  AlertmanagerUnreached: values(
    20,
    `prometheus_notifications_alertmanagers_discovered{${prometheus}}`,
    "0x30",
    "1x30",
    pod,
  ),
  AlertsNotHandedOver: values(
    30,
    [
      `prometheus_notifications_errors_total{${prometheus},alertmanager="http://a"}`,
      `prometheus_notifications_sent_total{${prometheus},alertmanager="http://a"}`,
    ],
    ["0+30x40", "0+60x40"],
    ["0+1x40", "0+60x40"],
    { ...pod, alertmanager: "http://a" },
  ),
  NotificationsFail: values(
    20,
    `alertmanager_notifications_failed_total{${alertmanager},integration="email",reason="other"}`,
    "0+1x30",
    "1x30",
    { integration: "email", reason: "other" },
  ),
  AlertmanagersApart: pair(
    30,
    {
      [`alertmanager_cluster_members{${alertmanager}}`]: "1x40",
      [`up{${alertmanager}}`]: "1x40",
      'up{job="alertmanager",instance="two",pod="alertmanager-1"}': "1x40",
    },
    { [`alertmanager_cluster_members{${alertmanager}}`]: "1x40", [`up{${alertmanager}}`]: "1x40" },
    { pod: "alertmanager-0" },
  ),
  OperatorFails: values(
    40,
    [
      'prometheus_operator_reconcile_errors_total{job="prometheus-operator",controller="prometheus"}',
      'prometheus_operator_reconcile_operations_total{job="prometheus-operator",controller="prometheus"}',
    ],
    ["0+30x50", "0+60x50"],
    ["0+1x50", "0+60x50"],
    { controller: "prometheus" },
  ),
  MonitorRefused: values(
    20,
    'prometheus_operator_managed_resources{job="prometheus-operator",resource="PrometheusRule",state="rejected"}',
    "1x30",
    "0x30",
    { resource: "PrometheusRule" },
  ),
};

const backup = 'job="node-exporter",host="worker-1",backup="ledger"';
const hour = 3600;
const snapshot =
  'node_systemd_timer_last_trigger_seconds{job="node-exporter",host="control-1",name="backup-etcd.timer"}';

export const backupCases: Cases = {
  EtcdBackupOld: {
    fires: [
      // It ran once, then never again; or never since it is looked at.
      { series: { [snapshot]: `${hour}x300` }, minutes: 41 * 60, step: 10 },
      { series: { [snapshot]: "0x300" }, minutes: 41 * 60, step: 10 },
    ],
    quiet: [
      { series: { [snapshot]: `${24 * hour}x300` }, minutes: 41 * 60, step: 10 },
      // A site that is new.
      { series: { [snapshot]: "0x300" }, minutes: 30 * 60, step: 10 },
      // Its host was started anew.
      { series: { [snapshot]: `${hour}x220 0x80` }, minutes: 41 * 60, step: 10 },
    ],
  },
  BackupOld: {
    fires: [
      {
        series: { [`backup_last_success_timestamp_seconds{${backup}}`]: "0x300" },
        minutes: 40 * 60,
        step: 10,
        labels: { backup: "ledger" },
      },
      {
        // One that is made every hour.
        series: {
          [`backup_last_success_timestamp_seconds{${backup}}`]: "0x300",
          [`backup_max_age_seconds{${backup}}`]: `${2 * hour}x300`,
        },
        minutes: 4 * 60,
        step: 10,
        labels: { backup: "ledger" },
      },
    ],
    quiet: [
      {
        series: { [`backup_last_success_timestamp_seconds{${backup}}`]: "0x300" },
        minutes: 30 * 60,
        step: 10,
      },
      {
        // One that is made every week.
        series: {
          [`backup_last_success_timestamp_seconds{${backup}}`]: "0x300",
          [`backup_max_age_seconds{${backup}}`]: `${200 * hour}x300`,
        },
        minutes: 40 * 60,
        step: 10,
      },
    ],
  },
  BackupSilent: values(
    120,
    `backup_last_success_timestamp_seconds{${backup}}`,
    "0x30 stale",
    "0x200",
    { backup: "ledger" },
  ),
};
