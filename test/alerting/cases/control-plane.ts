import { type Cases, pair, values } from "./case";

const api = 'job="apiserver",instance="192.0.2.11:6443"';

const gone = (job: string, minutes: number): Cases[string] =>
  pair(
    minutes,
    { [`up{job="${job}",instance="one"}`]: `0x${minutes + 10}` },
    {
      [`up{job="${job}",instance="one"}`]: `0x${minutes + 10}`,
      [`up{job="${job}",instance="two"}`]: `1x${minutes + 10}`,
    },
  );

const histogram = (name: string, labels: string, low: string, high: string) => [
  `${name}_bucket{${labels},le="${low}"}`,
  `${name}_bucket{${labels},le="${high}"}`,
  `${name}_bucket{${labels},le="+Inf"}`,
];
const slow = ["0+1x60", "0+60x60", "0+60x60"];
const quick = ["0+60x60", "0+60x60", "0+60x60"];

const clients = [
  `apiserver_client_certificate_expiration_seconds_count{${api}}`,
  `apiserver_client_certificate_expiration_seconds_bucket{${api},le="86400.0"}`,
  `apiserver_client_certificate_expiration_seconds_bucket{${api},le="604800.0"}`,
  `apiserver_client_certificate_expiration_seconds_bucket{${api},le="2592000.0"}`,
  `apiserver_client_certificate_expiration_seconds_bucket{${api},le="31536000.0"}`,
  `apiserver_client_certificate_expiration_seconds_bucket{${api},le="+Inf"}`,
];

export const controlPlaneCases: Cases = {
  ApiServerDown: gone("apiserver", 15),
  ApiServerMemberDown: values(
    15,
    [11, 12, 13].map((host) => `up{job="apiserver",instance="192.0.2.${host}:6443"}`),
    // The cluster forgets it at once.
    ["1x5 stale", "1x20", "1x20"],
    "1x20",
  ),
  ApiServerErrors: values(
    30,
    [`apiserver_request_total{${api},code="500"}`, `apiserver_request_total{${api},code="200"}`],
    ["0+60x40", "0+600x40"],
    ["0+1x40", "0+600x40"],
  ),
  ApiServerSlow: values(
    30,
    histogram(
      "apiserver_request_sli_duration_seconds",
      `${api},verb="PUT",subresource=""`,
      "1.0",
      "5.0",
    ),
    slow,
    quick,
    { verb: "PUT" },
  ),
  ApiExtensionDown: values(
    20,
    `aggregator_unavailable_apiservice{${api},name="v1beta1.metrics.k8s.io"}`,
    "1x30",
    "0x30",
    { name: "v1beta1.metrics.k8s.io" },
  ),
  ControlPlaneCertificateExpires: values(
    40,
    clients,
    ["0+60x50", "0x50", "0x50", "0+30x50", "0+60x50", "0+60x50"],
    ["0+60x50", "0x50", "0x50", "0x50", "0+60x50", "0+60x50"],
  ),
  ControlPlaneCertificateExpiresNow: values(
    40,
    clients,
    ["0+60x50", "0+5x50", "0+30x50", "0+30x50", "0+60x50", "0+60x50"],
    ["0+60x50", "0x50", "0x50", "0+30x50", "0+60x50", "0+60x50"],
  ),
  ControllerManagerDown: gone("kube-controller-manager", 20),
  SchedulerDown: gone("kube-scheduler", 20),
  DnsDown: gone("coredns", 15),
  DnsErrors: values(
    30,
    [
      'coredns_dns_responses_total{job="coredns",rcode="SERVFAIL"}',
      'coredns_dns_responses_total{job="coredns",rcode="NOERROR"}',
    ],
    ["0+60x40", "0+600x40"],
    ["0+1x40", "0+600x40"],
  ),
  DnsSlow: values(
    30,
    histogram("coredns_dns_request_duration_seconds", 'job="coredns"', "1.0", "5.0"),
    slow,
    quick,
  ),
};

const etcd = 'job="kube-etcd",instance="192.0.2.11:2381"';
const member = { instance: "192.0.2.11:2381" };
const others = ["192.0.2.12:2381", "192.0.2.13:2381"].map(
  (instance) => `up{job="kube-etcd",instance="${instance}"}`,
);

export const etcdCases: Cases = {
  EtcdMemberDown: values(15, `up{${etcd}}`, "0x20", "1x20", member),
  EtcdQuorumLost: {
    fires: [
      {
        series: { [`up{${etcd}}`]: "1x10", [others[0] ?? ""]: "1 0x9", [others[1] ?? ""]: "0x10" },
        minutes: 8,
      },
      {
        series: {
          [`up{${etcd}}`]: "1 0x9",
          [others[0] ?? ""]: "1 0x9",
          [others[1] ?? ""]: "1 0x9",
        },
        minutes: 8,
      },
    ],
    quiet: [
      {
        // None of them ever showed any.
        series: { [`up{${etcd}}`]: "0x10", [others[0] ?? ""]: "0x10", [others[1] ?? ""]: "0x10" },
        minutes: 8,
      },
      {
        series: { [`up{${etcd}}`]: "1x10", [others[0] ?? ""]: "1x10", [others[1] ?? ""]: "0x10" },
        minutes: 8,
      },
    ],
  },
  EtcdNoLeader: values(5, `etcd_server_has_leader{${etcd}}`, "0x10", "1x10", member),
  EtcdLeaderChanges: values(
    30,
    `etcd_server_leader_changes_seen_total{${etcd}}`,
    "0+1x40",
    "3x40",
    member,
  ),
  EtcdDiskSlow: values(
    30,
    histogram("etcd_disk_wal_fsync_duration_seconds", etcd, "0.1", "1.0"),
    slow,
    quick,
    member,
  ),
  EtcdCommitSlow: values(
    30,
    histogram("etcd_disk_backend_commit_duration_seconds", etcd, "0.25", "1.0"),
    slow,
    quick,
    member,
  ),
  EtcdDatabaseFull: values(
    20,
    [`etcd_mvcc_db_total_size_in_bytes{${etcd}}`, `etcd_server_quota_backend_bytes{${etcd}}`],
    ["90x30", "100x30"],
    ["20x30", "100x30"],
    member,
  ),
  EtcdFragmented: values(
    90,
    [
      `etcd_mvcc_db_total_size_in_use_in_bytes{${etcd}}`,
      `etcd_mvcc_db_total_size_in_bytes{${etcd}}`,
    ],
    ["100000000x100", "1000000000x100"],
    // As empty, and too small to matter.
    ["1000000x100", "10000000x100"],
    member,
  ),
  EtcdProposalsFail: values(
    45,
    `etcd_server_proposals_failed_total{${etcd}}`,
    "0+1x60",
    "2x60",
    member,
  ),
};
