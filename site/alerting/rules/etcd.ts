import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** etcd, in which the cluster's state is kept. */

const etcd = `job="${jobs.etcd}"`;

/** @param members hosts that run one */
export function etcdRules(members: number): RuleGroup {
  const most = Math.floor(members / 2) + 1;
  return {
    name: "etcd",
    rules: [
      systemAlert({
        alert: "EtcdMemberDown",
        severity: "warning",
        minutes: 5,
        expr: `up{${etcd}} == 0`,
        summary: "etcd at {{ $labels.instance }} does not answer",
        description: "The others go on as long as more than half of them agree.",
        runbook: [
          "`systemctl status etcd` and `journalctl -u etcd -e` on that host.",
          "`etcdctl endpoint health --cluster`; a member whose disk is lost is removed and added anew.",
          "It is well and never showed figures: `ETCD_LISTEN_METRICS_URLS` is missing in its /etc/etcd.env, see docs/monitoring.md.",
        ],
      }),
      systemAlert({
        alert: "EtcdQuorumLost",
        severity: "critical",
        minutes: 2,
        // Members of a cluster that was there before monitoring show no figures yet, and are well.
        expr: `(count(up{${etcd}} == 1) or 0 * count(up{${etcd}})) < ${most} and on () count(max_over_time(up{${etcd}}[7d]) == 1) >= ${most}`,
        summary: `Only {{ $value }} of ${members} members of etcd answer`,
        description:
          "Nothing of the cluster can be changed any more. With all of them gone its state exists in backups only.",
        runbook: [
          "Bring back hosts or disks of the missing members first: `systemctl start etcd` on each.",
          "Only when they are lost for good: restore the newest snapshot of /var/backups/kube_etcd on one member, and add the others to it.",
        ],
      }),
      systemAlert({
        alert: "EtcdNoLeader",
        severity: "critical",
        minutes: 1,
        expr: `etcd_server_has_leader{${etcd}} == 0`,
        summary: "etcd at {{ $labels.instance }} has no leader",
        description: "It neither reads nor writes until one is chosen.",
        runbook: [
          "`etcdctl endpoint status --cluster -w table`: who is reached, who leads?",
          "Check the network between the members (TCP 2380), their clocks, and their disks' latency.",
        ],
      }),
      systemAlert({
        alert: "EtcdLeaderChanges",
        severity: "warning",
        minutes: 5,
        expr: `increase(etcd_server_leader_changes_seen_total{${etcd}}[15m]) >= 4`,
        summary:
          "etcd at {{ $labels.instance }} saw {{ $value | humanize }} changes of leader in 15 minutes",
        description: "Each one holds up the API servers; mostly a disk or the network is too slow.",
        runbook: ["See EtcdDiskSlow; then ping between the members for a while: loss, jitter?"],
      }),
      systemAlert({
        alert: "EtcdDiskSlow",
        severity: "warning",
        minutes: 10,
        expr: `histogram_quantile(0.99, sum by (instance, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket{${etcd}}[5m]))) > 0.1`,
        summary:
          "etcd at {{ $labels.instance }} waits {{ $value | humanizeDuration }} for its disk",
        description: "Good disks take 10 milliseconds. Beyond half a second leaders are lost.",
        runbook: [
          "`iostat -x 5` on the host: who else writes there?",
          "Give etcd a disk of its own, an SSD; on a virtual machine ask for reserved operations.",
        ],
      }),
      systemAlert({
        alert: "EtcdCommitSlow",
        severity: "warning",
        minutes: 10,
        expr: `histogram_quantile(0.99, sum by (instance, le) (rate(etcd_disk_backend_commit_duration_seconds_bucket{${etcd}}[5m]))) > 0.25`,
        summary:
          "etcd at {{ $labels.instance }} takes {{ $value | humanizeDuration }} for a commit",
        description: "Changes of the cluster wait for it.",
        runbook: ["As for EtcdDiskSlow."],
      }),
      systemAlert({
        alert: "EtcdDatabaseFull",
        severity: "critical",
        minutes: 10,
        expr: `etcd_mvcc_db_total_size_in_bytes{${etcd}} / etcd_server_quota_backend_bytes{${etcd}} > 0.85`,
        summary:
          "etcd at {{ $labels.instance }} uses {{ $value | humanizePercentage }} of its room",
        description:
          "When it is full it takes no more writes at all, until somebody frees it by hand.",
        runbook: [
          "`etcdctl defrag` one member after the other, the leader last; then `etcdctl alarm disarm` where one was raised.",
          "`kubectl get events -A | wc -l`, and the number of Secrets and custom resources: who writes so many?",
        ],
      }),
      systemAlert({
        alert: "EtcdFragmented",
        severity: "info",
        minutes: 60,
        expr: `etcd_mvcc_db_total_size_in_use_in_bytes{${etcd}} / etcd_mvcc_db_total_size_in_bytes{${etcd}} < 0.5 and etcd_mvcc_db_total_size_in_bytes{${etcd}} > 500 * 1024 * 1024`,
        summary: "Half of the file of etcd at {{ $labels.instance }} is empty",
        description: "The room is not given back by itself.",
        runbook: ["`etcdctl defrag` that member, in a quiet hour; it answers nothing meanwhile."],
      }),
      systemAlert({
        alert: "EtcdProposalsFail",
        severity: "warning",
        minutes: 15,
        expr: `rate(etcd_server_proposals_failed_total{${etcd}}[15m]) * 900 > 5`,
        summary: "etcd at {{ $labels.instance }} refused changes",
        description: "There was no leader at times, or no majority.",
        runbook: ["See EtcdLeaderChanges and EtcdDiskSlow."],
      }),
    ],
  };
}
