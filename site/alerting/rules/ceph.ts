import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** Ceph, through its manager's module for Prometheus. */

const ceph = `job="${jobs.ceph}"`;

const tools = "`kubectl -n rook-ceph exec deploy/rook-ceph-tools -- ceph";

export const cephRules: RuleGroup = {
  name: "ceph",
  rules: [
    systemAlert({
      alert: "CephSilent",
      severity: "critical",
      minutes: 5,
      expr: `absent(up{${ceph}} == 1)`,
      summary: "Ceph shows no figures",
      description:
        "Its manager is down, or its module for Prometheus: nothing is known of the storage.",
      runbook: [
        "`kubectl -n rook-ceph get pods -l app=rook-ceph-mgr -o wide` and their logs.",
        `${tools} status\`: does Ceph itself answer?`,
      ],
    }),
    systemAlert({
      alert: "CephFaulty",
      severity: "critical",
      minutes: 5,
      expr: `ceph_health_status{${ceph}} == 2`,
      summary: "Ceph is in HEALTH_ERR",
      description: "Data is unavailable, damaged, or about to be.",
      runbook: [
        `${tools} health detail\` names the reasons; the further rules of Ceph name most of them.`,
        "Stop whatever makes it worse: restarts of hosts, removal of disks.",
      ],
    }),
    systemAlert({
      alert: "CephUnwell",
      severity: "warning",
      minutes: 15,
      expr: `ceph_health_status{${ceph}} == 1`,
      summary: "Ceph is in HEALTH_WARN",
      description: "It serves, but one more failure may be too many.",
      runbook: [
        `${tools} health detail\` names the reasons.`,
        "After a restart of a host it often ends by itself.",
      ],
    }),
    systemAlert({
      alert: "CephMonitorsFew",
      severity: "critical",
      minutes: 5,
      expr: `count(ceph_mon_quorum_status{${ceph}} == 1) <= floor(count(ceph_mon_metadata{${ceph}}) / 2) + 1 and count(ceph_mon_metadata{${ceph}}) > 2`,
      summary: "Ceph has only {{ $value }} monitors: with one less it stops",
      description: "Without a majority of its monitors Ceph answers nobody.",
      runbook: [
        "`kubectl -n rook-ceph get pods -l app=rook-ceph-mon -o wide`: which one is missing, and is its host there?",
        "Rook moves a monitor after ten minutes by itself, where another host has room.",
      ],
    }),
    systemAlert({
      alert: "CephMonitorDown",
      severity: "warning",
      minutes: 5,
      expr: `ceph_mon_quorum_status{${ceph}} == 0`,
      summary: "{{ $labels.ceph_daemon }} of Ceph is out of the quorum",
      description: "The others go on.",
      runbook: [
        "As for CephMonitorsFew; clocks that differ throw a monitor out as well (HostClockWrong).",
      ],
    }),
    systemAlert({
      alert: "CephDiskDown",
      severity: "warning",
      minutes: 5,
      expr: `ceph_osd_up{${ceph}} == 0`,
      summary: "{{ $labels.ceph_daemon }} of Ceph is down",
      description: "Its copies are made anew elsewhere after ten minutes, as far as there is room.",
      runbook: [
        `${tools} osd tree down\`: on which host?`,
        "`kubectl -n rook-ceph logs` of its Pod, `dmesg` and `smartctl -a` on that host.",
        "A dead disk: follow the steps for exchanging one in docs/storage.md; never remove two at once.",
      ],
    }),
    systemAlert({
      alert: "CephDisksDown",
      severity: "critical",
      minutes: 5,
      expr: `count(ceph_osd_up{${ceph}} == 0) / count(ceph_osd_up{${ceph}}) > 0.1`,
      summary: "{{ $value | humanizePercentage }} of Ceph's disks are down",
      description:
        "A host or a rack is gone. Where copies of the same data are there, it is unavailable.",
      runbook: [
        "Bring the hosts back first: power, network, kubelet.",
        "As for CephDiskDown, disk by disk.",
      ],
    }),
    systemAlert({
      alert: "CephFilling",
      severity: "warning",
      minutes: 10,
      expr: `ceph_cluster_total_used_raw_bytes{${ceph}} / ceph_cluster_total_bytes{${ceph}} > 0.7`,
      summary: "Ceph is {{ $value | humanizePercentage }} full",
      description:
        "It warns at 85 % of a disk and takes no writes at 95 %; a lost host needs room for its copies.",
      runbook: [
        `${tools} df\` and \`ceph osd df tree\`: which pool, which disks?`,
        "Remove volumes, snapshots and buckets that nobody needs; add disks in time.",
      ],
    }),
    systemAlert({
      alert: "CephDiskNearFull",
      severity: "critical",
      minutes: 5,
      expr: `ceph_health_detail{${ceph},name=~"OSD_NEARFULL|OSD_BACKFILLFULL|OSD_FULL|POOL_NEAR_FULL|POOL_FULL"} == 1`,
      summary: "Ceph reports {{ $labels.name }}",
      description: "Before long, or already, it takes no more writes.",
      runbook: [
        `${tools} osd df tree\`: which disk?`,
        "Free room as for CephFilling; a single disk that is fuller than the others: `ceph osd reweight-by-utilization`.",
      ],
    }),
    systemAlert({
      alert: "CephDataUnavailable",
      severity: "critical",
      minutes: 5,
      expr: `ceph_pool_metadata{${ceph}} * on (pool_id, instance) group_left () (ceph_pg_total{${ceph}} - ceph_pg_active{${ceph}}) > 0`,
      summary: "{{ $value }} groups of the pool {{ $labels.name }} are not active",
      description: "What lies in them can be neither read nor written; Pods hang.",
      runbook: [
        `${tools} pg dump_stuck inactive\`: which disks do they wait for?`,
        "Bring those disks or their hosts back.",
      ],
    }),
    systemAlert({
      alert: "CephDataUnclean",
      severity: "warning",
      minutes: 60,
      expr: `ceph_pool_metadata{${ceph}} * on (pool_id, instance) group_left () (ceph_pg_total{${ceph}} - ceph_pg_clean{${ceph}}) > 0`,
      summary: "{{ $value }} groups of the pool {{ $labels.name }} have lacked copies for an hour",
      description: "They are served, from fewer copies than they should have.",
      runbook: [
        `${tools} status\`: does it recover, and how fast?`,
        "When nothing moves: is there a host or rack for every copy, and room on it?",
      ],
    }),
    systemAlert({
      alert: "CephDataDamaged",
      severity: "critical",
      minutes: 5,
      expr: `ceph_health_detail{${ceph},name=~"PG_DAMAGED|OSD_SCRUB_ERRORS|OBJECT_UNFOUND"} == 1`,
      summary: "Ceph reports {{ $labels.name }}",
      description: "Copies of the same data differ, or none can be found.",
      runbook: [
        `${tools} health detail\` names the group; \`rados list-inconsistent-obj\` what differs.`,
        "`ceph pg repair` it once its disks are known to be sound.",
      ],
    }),
    systemAlert({
      alert: "CephSlow",
      severity: "warning",
      minutes: 10,
      expr: `ceph_healthcheck_slow_ops{${ceph}} > 0`,
      summary: "{{ $value }} requests to Ceph have waited for more than 30 seconds",
      description: "Pods wait with them.",
      runbook: [
        `${tools} health detail\` names the disks.`,
        "One disk: it is failing. All of them: the network between the storage hosts.",
      ],
    }),
    systemAlert({
      alert: "CephFilesystemDown",
      severity: "critical",
      minutes: 5,
      expr: `ceph_health_detail{${ceph},name=~"MDS_ALL_DOWN|MDS_DAMAGE|FS_DEGRADED|MDS_HEALTH_READ_ONLY"} == 1`,
      summary: "Ceph reports {{ $labels.name }}",
      description: "Shared volumes hang, or take no writes.",
      runbook: [
        `${tools} fs status\`; \`kubectl -n rook-ceph get pods -l app=rook-ceph-mds -o wide\`.`,
        "Their logs; MDS_DAMAGE needs the documentation of Ceph before any command.",
      ],
    }),
    systemAlert({
      alert: "CephDaemonCrashed",
      severity: "warning",
      minutes: 1,
      expr: `ceph_health_detail{${ceph},name=~"RECENT_CRASH|RECENT_MGR_MODULE_CRASH"} == 1`,
      summary: "A daemon of Ceph crashed",
      description: "It was started again; why it ended should be known.",
      runbook: [
        `${tools} crash ls\` and \`ceph crash info\`.`,
        "`ceph crash archive-all` once it is understood.",
      ],
    }),
  ],
};
