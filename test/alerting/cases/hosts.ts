import { type Cases, pair, values } from "./case";

const on = 'job="node-exporter",instance="192.0.2.21:9100",host="worker-1"';
const host = { host: "worker-1" };

export const hostCases: Cases = {
  HostDown: {
    fires: [
      { series: { [`up{${on}}`]: "1x5 0x10" }, minutes: 12, labels: host },
      {
        series: { 'up{job="windows",instance="192.0.2.80:9182",host="press-1"}': "0x10" },
        minutes: 10,
        labels: { host: "press-1" },
      },
    ],
    // One reading may be lost.
    quiet: [{ series: { [`up{${on}}`]: "1x5 0 1x10" }, minutes: 10 }],
  },
  HostRestarted: values(10, `node_boot_time_seconds{${on}}`, "300x20", "-90000x20", host),
  HostCpuBusy: pair(
    60,
    { [`node_cpu_seconds_total{${on},cpu="0",mode="idle"}`]: "0+3x60" },
    { [`node_cpu_seconds_total{${on},cpu="0",mode="idle"}`]: "0+30x60" },
    host,
  ),
  HostMemoryShort: values(
    30,
    [`node_memory_MemAvailable_bytes{${on}}`, `node_memory_MemTotal_bytes{${on}}`],
    ["5x40", "100x40"],
    ["50x40", "100x40"],
    host,
  ),
  HostOutOfMemory: values(20, `node_vmstat_oom_kill{${on}}`, "3x15 4x10", "3x30", host),
  HostClockWrong: values(20, `node_timex_offset_seconds{${on}}`, "-0.2x30", "0.001x30", host),
  HostClockNotSynchronised: values(
    30,
    [`node_timex_sync_status{${on}}`, `node_timex_maxerror_seconds{${on}}`],
    ["0x40", "16x40"],
    ["1x40", "0.1x40"],
    host,
  ),
  HostNetworkErrors: values(
    60,
    [
      `node_network_receive_errs_total{${on},device="eth0"}`,
      `node_network_receive_packets_total{${on},device="eth0"}`,
    ],
    ["0+50x60", "0+1000x60"],
    ["0+1x60", "0+1000x60"],
    { ...host, device: "eth0" },
  ),
  HostConnectionsFull: values(
    20,
    [`node_nf_conntrack_entries{${on}}`, `node_nf_conntrack_entries_limit{${on}}`],
    ["900x30", "1000x30"],
    ["100x30", "1000x30"],
    host,
  ),
  HostFilesOpen: values(
    30,
    [`node_filefd_allocated{${on}}`, `node_filefd_maximum{${on}}`],
    ["900x30", "1000x30"],
    ["100x30", "1000x30"],
    host,
  ),
  HostUnitFailed: values(
    10,
    `node_systemd_unit_state{${on},name="kubelet.service",state="failed"}`,
    "1x20",
    "0x20",
    { ...host, name: "kubelet.service" },
  ),
  HostRaidDegraded: values(
    10,
    [
      `node_md_disks_required{${on},device="md0"}`,
      `node_md_disks{${on},device="md0",state="active"}`,
    ],
    ["2x20", "1x20"],
    ["2x20", "2x20"],
    { ...host, device: "md0" },
  ),
};

const root = `${on},device="/dev/sda1",fstype="ext4",mountpoint="/"`;
const room = (series: string) => [
  `node_filesystem_avail_bytes{${series}}`,
  `node_filesystem_size_bytes{${series}}`,
  `node_filesystem_readonly{${series}}`,
];
const at = { ...host, mountpoint: "/" };

export const diskCases: Cases = {
  // From 60 of 100, a little each minute.
  DiskFullSoon: values(
    480,
    room(root),
    ["60-0.06x600", "100x600", "0x600"],
    ["60x600", "100x600", "0x600"],
    at,
  ),
  DiskFullWithinHours: values(
    360,
    room(root),
    ["90-0.22x400", "100x400", "0x400"],
    // As fast, with most of it left.
    ["90-0.05x400", "100x400", "0x400"],
    at,
  ),
  DiskAlmostFull: {
    fires: [
      {
        series: {
          [`node_filesystem_avail_bytes{${root}}`]: "3x40",
          [`node_filesystem_size_bytes{${root}}`]: "100x40",
          [`node_filesystem_readonly{${root}}`]: "0x40",
        },
        minutes: 30,
        labels: at,
      },
    ],
    quiet: [
      {
        series: {
          [`node_filesystem_avail_bytes{${root}}`]: "30x40",
          [`node_filesystem_size_bytes{${root}}`]: "100x40",
          [`node_filesystem_readonly{${root}}`]: "0x40",
        },
        minutes: 30,
      },
      // An installation medium is always full.
      {
        series: {
          [`node_filesystem_avail_bytes{${on},fstype="iso9660",mountpoint="/mnt"}`]: "0x40",
          [`node_filesystem_size_bytes{${on},fstype="iso9660",mountpoint="/mnt"}`]: "100x40",
          [`node_filesystem_readonly{${on},fstype="iso9660",mountpoint="/mnt"}`]: "0x40",
        },
        minutes: 30,
      },
      // A volume of a Pod has a rule of its own.
      {
        series: {
          [`node_filesystem_avail_bytes{${on},fstype="ext4",mountpoint="/var/lib/kubelet/pods/1/volumes/a"}`]:
            "0x40",
          [`node_filesystem_size_bytes{${on},fstype="ext4",mountpoint="/var/lib/kubelet/pods/1/volumes/a"}`]:
            "100x40",
          [`node_filesystem_readonly{${on},fstype="ext4",mountpoint="/var/lib/kubelet/pods/1/volumes/a"}`]:
            "0x40",
        },
        minutes: 30,
      },
    ],
  },
  DiskFilesRunOut: values(
    45,
    [
      `node_filesystem_files_free{${root}}`,
      `node_filesystem_files{${root}}`,
      `node_filesystem_readonly{${root}}`,
    ],
    ["5x60", "100x60", "0x60"],
    ["50x60", "100x60", "0x60"],
    at,
  ),
  DiskReadOnly: values(10, `node_filesystem_readonly{${root}}`, "1x20", "0x20", at),
  DiskErrors: values(30, `node_filesystem_device_error{${root}}`, "1x40", "0x40", at),
  DiskSlow: values(
    60,
    `node_disk_io_time_weighted_seconds_total{${on},device="sda"}`,
    "0+900x70",
    "0+30x70",
    { ...host, device: "sda" },
  ),
};

const windows = 'job="windows",instance="192.0.2.80:9182",host="press-1"';
const press = { host: "press-1" };

export const windowsCases: Cases = {
  WindowsCpuBusy: values(
    60,
    `windows_cpu_time_total{${windows},core="0,0",mode="idle"}`,
    "0+3x60",
    "0+40x60",
    press,
  ),
  WindowsMemoryShort: values(
    20,
    [
      `windows_memory_available_bytes{${windows}}`,
      `windows_memory_physical_total_bytes{${windows}}`,
    ],
    ["5x30", "100x30"],
    ["50x30", "100x30"],
    press,
  ),
  WindowsDiskAlmostFull: values(
    30,
    [
      `windows_logical_disk_free_bytes{${windows},volume="C:"}`,
      `windows_logical_disk_size_bytes{${windows},volume="C:"}`,
    ],
    ["5x40", "100x40"],
    ["50x40", "100x40"],
    { ...press, volume: "C:" },
  ),
  WindowsServiceStopped: pair(
    20,
    {
      [`windows_service_state{${windows},name="spooler",state="running"}`]: "0x30",
      [`windows_service_start_mode{${windows},name="spooler",start_mode="auto"}`]: "1x30",
    },
    // Nobody wants that one to run.
    {
      [`windows_service_state{${windows},name="spooler",state="running"}`]: "0x30",
      [`windows_service_start_mode{${windows},name="spooler",start_mode="auto"}`]: "0x30",
    },
    { ...press, name: "spooler" },
  ),
};
