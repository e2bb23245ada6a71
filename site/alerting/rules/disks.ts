import type { RuleGroup } from "../rule-types";
import { hostJobs } from "./hosts";
import { systemAlert } from "./rule";

/** File systems and disks of hosts. */

/** File systems that keep something: none of memory, of images, or of a Pod, whose volumes have rules of their own. */
const kept = `${hostJobs},fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|nsfs|autofs|rpc_pipefs|fuse.*",mountpoint!~"/(run|var/lib/(kubelet|docker|containerd|containers))/.+"`;

const free = `node_filesystem_avail_bytes{${kept}} / node_filesystem_size_bytes{${kept}}`;
const writable = `node_filesystem_readonly{${kept}} == 0`;

const tidy = [
  "`df -h` and `du -xh --max-depth=2 / | sort -h | tail -20` on the host: what takes the room?",
  "Old images: `crictl rmi --prune`; old logs: `journalctl --vacuum-size=1G` and what rotates in /var/log.",
  "On the registry host: let Harbor collect garbage, and look at the retention rules of its projects.",
  "Otherwise make the file system larger.",
];

export const diskRules: RuleGroup = {
  name: "disks",
  rules: [
    systemAlert({
      alert: "DiskFullSoon",
      severity: "warning",
      minutes: 60,
      expr: `${free} < 0.4 and predict_linear(node_filesystem_avail_bytes{${kept}}[6h], 24 * 3600) < 0 and ${writable}`,
      summary: "{{ $labels.mountpoint }} of {{ $labels.host }} will be full within a day",
      description: "As it has been filling for the last six hours.",
      runbook: tidy,
    }),
    systemAlert({
      alert: "DiskFullWithinHours",
      severity: "critical",
      minutes: 30,
      expr: `${free} < 0.2 and predict_linear(node_filesystem_avail_bytes{${kept}}[6h], 4 * 3600) < 0 and ${writable}`,
      summary: "{{ $labels.mountpoint }} of {{ $labels.host }} will be full within four hours",
      description:
        "Then nothing is written any more: databases stop, Pods are evicted, the host may not even be logged in to.",
      runbook: tidy,
    }),
    systemAlert({
      alert: "DiskAlmostFull",
      severity: "critical",
      minutes: 15,
      expr: `${free} < 0.05 and ${writable}`,
      summary:
        "{{ $labels.mountpoint }} of {{ $labels.host }} has {{ $value | humanizePercentage }} of its room left",
      description: "Soon nothing is written any more; the kubelet evicts Pods before that.",
      runbook: tidy,
    }),
    systemAlert({
      alert: "DiskFilesRunOut",
      severity: "warning",
      minutes: 30,
      expr: `node_filesystem_files_free{${kept}} / node_filesystem_files{${kept}} < 0.08 and ${writable}`,
      summary:
        "{{ $labels.mountpoint }} of {{ $labels.host }} can hold few more files: {{ $value | humanizePercentage }} of its inodes are left",
      description: "There is room, but no file can be made any more once they are used up.",
      runbook: [
        "`df -i`, then `find / -xdev -printf '%h\\n' | sort | uniq -c | sort -n | tail`: where are so many small files?",
        "Remove them, or move that folder to a file system with more inodes.",
      ],
    }),
    systemAlert({
      alert: "DiskReadOnly",
      severity: "critical",
      minutes: 2,
      expr: `node_filesystem_readonly{${kept},fstype=~"ext.|xfs|btrfs"} == 1`,
      summary: "{{ $labels.mountpoint }} of {{ $labels.host }} takes no more writes",
      description:
        "The kernel closed the file system for writing, mostly because the disk failed. What runs there loses its data.",
      runbook: [
        "`dmesg -T | grep -iE 'error|remount'` and `smartctl -a` of the disk: is it dying?",
        "Drain the node, save what can be saved, repair by `fsck` or `xfs_repair` while it is not mounted, or exchange the disk.",
      ],
    }),
    systemAlert({
      alert: "DiskErrors",
      severity: "warning",
      minutes: 15,
      expr: `node_filesystem_device_error{${kept}} == 1`,
      summary: "{{ $labels.mountpoint }} of {{ $labels.host }} cannot be looked at",
      description: "The file system does not answer: a failing disk, or a server that is gone.",
      runbook: [
        "`stat -f` of the folder on the host: does it hang?",
        "A share: is its server there? A disk: see DiskReadOnly.",
      ],
    }),
    systemAlert({
      alert: "DiskSlow",
      severity: "warning",
      minutes: 30,
      expr: `rate(node_disk_io_time_weighted_seconds_total{${hostJobs},device=~"nvme.+|sd.+|vd.+|xvd.+|md.+|dm-.+"}[5m]) > 10`,
      summary:
        '{{ $labels.device }} of {{ $labels.host }} has {{ printf "%.0f" $value }} requests waiting',
      description: "Whatever reads or writes there waits; etcd loses its leader over it.",
      runbook: [
        "`iostat -x 5` and `iotop` on the host: who writes so much?",
        "Move it to another disk; etcd wants one of its own.",
      ],
    }),
  ],
};
