import type { RuleGroup } from "../rule-types";
import { hostJobs } from "./hosts";
import { systemAlert } from "./rule";

/**
 * Age of backups. The snapshots of etcd that KubeKey's timer makes are seen through systemd; every other backup tells
 * of itself by a file for node-exporter: `backup_last_success_timestamp_seconds{backup="…"}`, and
 * `backup_max_age_seconds{backup="…"}` where a day and a half is not the right age.
 */

const usualAge = "36 * 3600";

/** Zero for a timer that never ran since its host was started: systemd forgets it there. */
const snapshot = `node_systemd_timer_last_trigger_seconds{${hostJobs},name="backup-etcd.timer"}`;

export const backupRules: RuleGroup = {
  name: "backups",
  rules: [
    systemAlert({
      alert: "EtcdBackupOld",
      severity: "warning",
      minutes: 60,
      expr: `time() - max(${snapshot} > 0) > ${usualAge} or (max(${snapshot}) + ${usualAge} and max(${snapshot}) == 0 and max(${snapshot} offset 36h) == 0)`,
      summary: "The newest snapshot of etcd is {{ $value | humanizeDuration }} old",
      description: "What happened since would be lost with the members of etcd.",
      runbook: [
        "`systemctl status backup-etcd.timer backup-etcd.service` on the hosts of etcd.",
        "`ls -l /var/backups/kube_etcd`; `df -h` there.",
      ],
    }),
    systemAlert({
      alert: "BackupOld",
      severity: "warning",
      minutes: 30,
      expr: `time() - max by (backup) (backup_last_success_timestamp_seconds) > (max by (backup) (backup_max_age_seconds) or max by (backup) (backup_last_success_timestamp_seconds) * 0 + ${usualAge})`,
      summary: "The newest backup {{ $labels.backup }} is {{ $value | humanizeDuration }} old",
      description: "What was written since would be lost.",
      runbook: [
        "Look at the log of what makes it: did it fail, or not run at all?",
        "Room and login of the place that it is written to.",
        "Run it by hand, and restore a part of it somewhere to see that it is whole.",
      ],
    }),
    systemAlert({
      alert: "BackupSilent",
      severity: "warning",
      minutes: 30,
      expr: "max by (backup) (max_over_time(backup_last_success_timestamp_seconds[7d])) unless max by (backup) (backup_last_success_timestamp_seconds)",
      summary: "Nothing is heard of the backup {{ $labels.backup }} any more",
      description:
        "It told of itself within the last week. Nobody knows how old the newest one is.",
      runbook: [
        "Is its host there (HostDown), and its file in the folder of node-exporter's textfile collector?",
        "When it was given up: this ends after a week.",
      ],
    }),
  ],
};
