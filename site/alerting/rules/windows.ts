import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** Windows hosts, through windows_exporter; that one is down is told with the others (HostDown). */

const windows = `job="${jobs.windows}"`;

export const windowsRules: RuleGroup = {
  name: "windows",
  rules: [
    systemAlert({
      alert: "WindowsCpuBusy",
      severity: "warning",
      minutes: 20,
      expr: `1 - avg by (host, instance) (rate(windows_cpu_time_total{${windows},mode="idle"}[5m])) > 0.9`,
      summary: "{{ $labels.host }} has used more than 90 % of its processors for 20 minutes",
      description: "What runs there becomes slow.",
      runbook: [
        "Task Manager, or `Get-Process | Sort-Object CPU -Descending | Select-Object -First 10`.",
      ],
    }),
    systemAlert({
      alert: "WindowsMemoryShort",
      severity: "warning",
      minutes: 10,
      expr: `windows_memory_available_bytes{${windows}} / windows_memory_physical_total_bytes{${windows}} < 0.08`,
      summary: "{{ $labels.host }} has {{ $value | humanizePercentage }} of its memory left",
      description: "It pages to disk; what runs there becomes slow.",
      runbook: [
        "`Get-Process | Sort-Object WS -Descending | Select-Object -First 10`: restart what grows without end.",
      ],
    }),
    systemAlert({
      alert: "WindowsDiskAlmostFull",
      severity: "critical",
      minutes: 15,
      expr: `windows_logical_disk_free_bytes{${windows},volume!~"HarddiskVolume.+"} / windows_logical_disk_size_bytes{${windows},volume!~"HarddiskVolume.+"} < 0.08`,
      summary:
        "{{ $labels.volume }} of {{ $labels.host }} has {{ $value | humanizePercentage }} of its room left",
      description: "Soon nothing is written any more.",
      runbook: [
        "Disk Clean-up, old logs, and `Get-ChildItem -Recurse | Sort-Object Length -Descending`.",
        "Otherwise make the volume larger.",
      ],
    }),
    systemAlert({
      alert: "WindowsServiceStopped",
      severity: "warning",
      minutes: 10,
      expr: `windows_service_state{${windows},state="running"} == 0 and on (instance, name) windows_service_start_mode{${windows},start_mode="auto"} == 1`,
      summary: "The service {{ $labels.name }} of {{ $labels.host }} does not run",
      description: "Windows should have started it by itself.",
      runbook: [
        "`Get-Service`, the event log (System, source Service Control Manager), then `Start-Service`.",
      ],
    }),
  ],
};
