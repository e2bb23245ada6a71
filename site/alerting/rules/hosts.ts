import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** Hosts of the site, nodes of the cluster and others alike, through node-exporter. */

/** Both jobs that read node-exporter. */
export const hostJobs = `job=~"${jobs.nodes}|${jobs.hosts}"`;

export const hostRules: RuleGroup = {
  name: "hosts",
  rules: [
    systemAlert({
      alert: "HostDown",
      severity: "critical",
      minutes: 3,
      expr: `up{job=~"${jobs.nodes}|${jobs.hosts}|${jobs.windows}"} == 0`,
      summary: "{{ $labels.host }} does not answer",
      description:
        "Nothing is known of the host any more. What ran only there is down; what has further copies is short of one.",
      runbook: [
        "Ping the host and log in over SSH; where neither works, look at its console or ask the customer for its power and network.",
        "Where it answers, look at the exporter: `systemctl status node_exporter` on a host of its own, `kubectl -n monitoring get pods -o wide` on a node.",
        "When it does not come back soon: `kubectl drain` the node so that its Pods start elsewhere.",
      ],
    }),
    systemAlert({
      alert: "HostRestarted",
      severity: "info",
      minutes: 0,
      expr: `time() - node_boot_time_seconds{${hostJobs}} < 600`,
      summary: "{{ $labels.host }} was started less than ten minutes ago",
      description: "Nobody may have meant it: a lost power supply, a panic of the kernel, a reset.",
      runbook: [
        "Ask whether somebody restarted it.",
        "Otherwise read `journalctl -b -1 -e` and the log of its hardware (IPMI, hypervisor).",
      ],
    }),
    systemAlert({
      alert: "HostCpuBusy",
      severity: "warning",
      minutes: 20,
      expr: "instance:node_cpu_utilisation:rate5m > 0.9",
      summary: "{{ $labels.host }} has used more than 90 % of its processors for 20 minutes",
      description: "Everything on the host becomes slow, health checks first.",
      runbook: [
        "`top -c` on the host, or `kubectl top pods -A --sort-by=cpu`: who takes it?",
        "A Pod without need of it: correct its limit in the release or the site's `workloads`.",
        "Honest load: more replicas, or a further worker.",
      ],
    }),
    systemAlert({
      alert: "HostMemoryShort",
      severity: "warning",
      minutes: 10,
      expr: "instance:node_memory_utilisation:ratio > 0.92",
      summary: "{{ $labels.host }} has less than 8 % of its memory left",
      description: "The kernel will soon end processes, and the kubelet will evict Pods.",
      runbook: [
        "`ps aux --sort=-rss | head`, or `kubectl top pods -A --sort-by=memory`: who takes it?",
        "Look whether that one grows without end; restart it, and have its limit set.",
        "Honest load: move Pods, add memory or a host.",
      ],
    }),
    systemAlert({
      alert: "HostOutOfMemory",
      severity: "warning",
      minutes: 0,
      expr: `increase(node_vmstat_oom_kill{${hostJobs}}[10m]) > 0`,
      summary: "The kernel of {{ $labels.host }} ended a process for want of memory",
      description: "A process or a container reached its limit, or the host had no memory left.",
      runbook: [
        "`journalctl -k | grep -i 'killed process'` names the process, and the cgroup of its Pod.",
        "In a container's cgroup: raise its memory limit, or find its leak.",
        "On the host itself: see HostMemoryShort.",
      ],
    }),
    systemAlert({
      alert: "HostClockWrong",
      severity: "warning",
      minutes: 10,
      expr: `abs(node_timex_offset_seconds{${hostJobs}}) > 0.05`,
      summary: "The clock of {{ $labels.host }} is off by {{ $value | humanizeDuration }}",
      description:
        "Certificates, tokens, etcd and Ceph rely on clocks that agree; logs cannot be put in order.",
      runbook: [
        "`chronyc tracking` and `chronyc sources` on the host: does it reach a time server?",
        "Check UDP 123 to the site's `ntpServers`, and that nothing else sets the clock (hypervisor tools).",
        "`chronyc makestep` once it does.",
      ],
    }),
    systemAlert({
      alert: "HostClockNotSynchronised",
      severity: "warning",
      minutes: 15,
      expr: `min_over_time(node_timex_sync_status{${hostJobs}}[5m]) == 0 and node_timex_maxerror_seconds{${hostJobs}} >= 16`,
      summary: "The clock of {{ $labels.host }} follows no time server",
      description: "It will drift away from the others.",
      runbook: [
        "`systemctl status chronyd` (or `chrony`, `systemd-timesyncd`), then `chronyc sources`.",
        "Name time servers of the customer's network under `ntpServers` in the site file.",
      ],
    }),
    systemAlert({
      alert: "HostNetworkErrors",
      severity: "warning",
      minutes: 30,
      expr: networkErrors(),
      summary: "{{ $labels.device }} of {{ $labels.host }} loses more than 1 % of its packets",
      description: "Connections stall and are tried again: a bad cable, port or driver.",
      runbook: [
        "`ip -s link show` and `ethtool -S` of the interface: which counter grows?",
        "Compare speed and duplex with the switch; exchange cable or port.",
      ],
    }),
    systemAlert({
      alert: "HostConnectionsFull",
      severity: "warning",
      minutes: 10,
      expr: `node_nf_conntrack_entries{${hostJobs}} / node_nf_conntrack_entries_limit{${hostJobs}} > 0.8`,
      summary:
        "{{ $labels.host }} remembers {{ $value | humanizePercentage }} of the connections that it can",
      description: "Once the table is full new connections are dropped without a word.",
      runbook: [
        "`conntrack -S` and `conntrack -L | awk '{print $5}' | sort | uniq -c | sort -n | tail`: who opens them?",
        "Raise `net.netfilter.nf_conntrack_max`, or stop who opens connections without end.",
      ],
    }),
    systemAlert({
      alert: "HostFilesOpen",
      severity: "warning",
      minutes: 15,
      expr: `node_filefd_allocated{${hostJobs}} / node_filefd_maximum{${hostJobs}} > 0.8`,
      summary: "{{ $labels.host }} has {{ $value | humanizePercentage }} of its open files in use",
      description: "Beyond that no process opens a file or a connection any more.",
      runbook: [
        "`lsof | awk '{print $1}' | sort | uniq -c | sort -n | tail`: who holds them?",
        "Restart a process that leaks them; raise `fs.file-max` where the need is honest.",
      ],
    }),
    systemAlert({
      alert: "HostUnitFailed",
      severity: "warning",
      minutes: 5,
      expr: `node_systemd_unit_state{${hostJobs},state="failed"} == 1`,
      summary: "{{ $labels.name }} failed on {{ $labels.host }}",
      description: "A service of the host itself is down; systemd does not start it again.",
      runbook: [
        "`systemctl status` and `journalctl -u` of the unit: why?",
        "Correct it, then `systemctl restart` it; `systemctl reset-failed` for one that is not needed.",
      ],
    }),
    systemAlert({
      alert: "HostRaidDegraded",
      severity: "critical",
      minutes: 5,
      expr: `node_md_disks_required{${hostJobs}} - ignoring (state) node_md_disks{${hostJobs},state="active"} > 0`,
      summary: "{{ $labels.device }} of {{ $labels.host }} lacks a disk",
      description: "The next disk that fails may take the data with it.",
      runbook: [
        "`cat /proc/mdstat` and `mdadm --detail` of the array: which disk is missing?",
        "Exchange it and `mdadm --add` the new one; watch the array being rebuilt.",
      ],
    }),
  ],
};

function networkErrors(): string {
  const share = (way: "receive" | "transmit") =>
    `rate(node_network_${way}_errs_total{${hostJobs}}[5m]) / rate(node_network_${way}_packets_total{${hostJobs}}[5m]) > 0.01`;
  return `${share("receive")} or ${share("transmit")}`;
}
