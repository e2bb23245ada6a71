import { type Cases, pair, values } from "./case";

const ceph = 'job="ceph",instance="mgr"';

/** Nothing of a job answers, and one of it does. */
const gone = (job: string, minutes: number): Cases[string] =>
  pair(
    minutes,
    { [`up{job="${job}",instance="one"}`]: `0x${minutes + 10}` },
    { [`up{job="${job}",instance="one"}`]: `1x${minutes + 10}` },
  );

const detail = (name: string): Cases[string] =>
  values(15, `ceph_health_detail{${ceph},name="${name}",severity="HEALTH_WARN"}`, "1x30", "0x30", {
    name,
  });

const groups = (state: string, minutes: number): Cases[string] =>
  values(
    minutes,
    [
      `ceph_pool_metadata{${ceph},pool_id="2",name="block"}`,
      `ceph_pg_total{${ceph},pool_id="2"}`,
      `ceph_pg_${state}{${ceph},pool_id="2"}`,
    ],
    ["1x200", "32x200", "30x200"],
    ["1x200", "32x200", "32x200"],
    { name: "block" },
  );

const monitors = (quorum: readonly number[]) => ({
  ...Object.fromEntries(
    quorum.map((value, at) => [
      `ceph_mon_quorum_status{${ceph},ceph_daemon="mon.${at}"}`,
      `${value}x20`,
    ]),
  ),
  ...Object.fromEntries(
    quorum.map((_, at) => [`ceph_mon_metadata{${ceph},ceph_daemon="mon.${at}"}`, "1x20"]),
  ),
});

const disks = (up: readonly number[]) =>
  Object.fromEntries(
    up.map((value, at) => [`ceph_osd_up{${ceph},ceph_daemon="osd.${at}"}`, `${value}x20`]),
  );

export const cephCases: Cases = {
  CephSilent: gone("ceph", 15),
  CephFaulty: values(15, `ceph_health_status{${ceph}}`, "2x20", "1x20"),
  CephUnwell: values(30, `ceph_health_status{${ceph}}`, "1x40", "0x40"),
  CephMonitorsFew: pair(15, monitors([1, 1, 0]), monitors([1, 1, 1])),
  CephMonitorDown: pair(15, monitors([1, 0, 1]), monitors([1, 1, 1]), { ceph_daemon: "mon.1" }),
  CephDiskDown: pair(15, disks([1, 0]), disks([1, 1]), { ceph_daemon: "osd.1" }),
  CephDisksDown: pair(15, disks([1, 1, 0, 0]), disks([...Array(19).fill(1), 0])),
  CephFilling: values(
    20,
    [`ceph_cluster_total_used_raw_bytes{${ceph}}`, `ceph_cluster_total_bytes{${ceph}}`],
    ["80x30", "100x30"],
    ["40x30", "100x30"],
  ),
  CephDiskNearFull: detail("OSD_NEARFULL"),
  CephDataUnavailable: groups("active", 15),
  CephDataUnclean: groups("clean", 90),
  CephDataDamaged: detail("PG_DAMAGED"),
  CephSlow: values(30, `ceph_healthcheck_slow_ops{${ceph}}`, "3x40", "0x40"),
  CephFilesystemDown: detail("MDS_ALL_DOWN"),
  CephDaemonCrashed: {
    fires: detail("RECENT_CRASH").fires.map((one) => ({ ...one, labels: {} })),
    quiet: detail("RECENT_CRASH").quiet,
  },
};

const day = 86_400;

export const registryCases: Cases = {
  RegistryDown: values(15, 'probe_success{job="harbor",instance="harbor"}', "0x20", "1x20"),
  RegistrySlow: values(
    30,
    'probe_duration_seconds{job="harbor",instance="harbor"}',
    "8x40",
    "1x40",
  ),
  RegistryCertificateExpires: values(
    90,
    'probe_ssl_earliest_cert_expiry{job="harbor",instance="harbor"}',
    `${20 * day}x100`,
    `${300 * day}x100`,
  ),
};

export const configCentreCases: Cases = {
  ConfigCentreDown: values(
    15,
    'probe_success{job="config-centre",instance="consul"}',
    "0x20",
    "1x20",
  ),
};

const certificate =
  'job="cert-manager",instance="one",namespace="cert-manager",exported_namespace="parcels",name="web"';
const named = { exported_namespace: "parcels", name: "web" };

export const certificateCases: Cases = {
  CertificateNotRenewed: values(
    480,
    `certmanager_certificate_renewal_timestamp_seconds{${certificate}}`,
    "600x500",
    `${30 * day}x500`,
    named,
  ),
  CertificateExpires: values(
    30,
    `certmanager_certificate_expiration_timestamp_seconds{${certificate}}`,
    `${5 * day}x40`,
    `${50 * day}x40`,
    named,
  ),
  CertificateNotReady: pair(
    30,
    { [`certmanager_certificate_ready_status{${certificate},condition="False"}`]: "1x40" },
    {
      [`certmanager_certificate_ready_status{${certificate},condition="True"}`]: "1x40",
      [`certmanager_certificate_ready_status{${certificate},condition="False"}`]: "0x40",
    },
    named,
  ),
  CertificateManagerDown: gone("cert-manager", 20),
};

const control = 'job="istiod",instance="one"';
const requests = (code: string) =>
  `istio_requests_total{reporter="destination",destination_workload_namespace="sample",destination_workload="web",response_code="${code}",pod="web-1"}`;

export const meshCases: Cases = {
  MeshControlDown: gone("istiod", 15),
  MeshConfigurationRejected: values(
    20,
    `pilot_total_xds_rejects{${control},type="lds"}`,
    "0+1x30",
    "4x30",
    { type: "lds" },
  ),
  MeshPushesFail: values(30, `pilot_total_xds_internal_errors{${control}}`, "0+1x40", "2x40"),
  MeshSlow: values(
    40,
    [
      `pilot_proxy_convergence_time_bucket{${control},le="30.0"}`,
      `pilot_proxy_convergence_time_bucket{${control},le="60.0"}`,
      `pilot_proxy_convergence_time_bucket{${control},le="+Inf"}`,
    ],
    ["0+1x50", "0+60x50", "0+60x50"],
    ["0+60x50", "0+60x50", "0+60x50"],
  ),
  MeshInjectionFails: values(20, `sidecar_injection_failure_total{${control}}`, "0+1x30", "1x30"),
  MeshAuthorityExpires: values(
    90,
    `citadel_server_root_cert_expiry_timestamp{${control}}`,
    `${30 * day}x100`,
    `${3000 * day}x100`,
  ),
  WorkloadFailsRequests: {
    fires: [
      {
        series: { [requests("503")]: "0+60x40", [requests("200")]: "0+600x40" },
        minutes: 30,
        labels: { namespace: "sample", workload: "web" },
      },
    ],
    quiet: [
      { series: { [requests("503")]: "0+1x40", [requests("200")]: "0+600x40" }, minutes: 30 },
      // All of them fail, of one in ten minutes: too few to tell.
      { series: { [requests("503")]: "0 0 0 0 0 0 0 0 0 0 1x30" }, minutes: 12 },
    ],
  },
};

const proxy = 'job="haproxy",instance="192.0.2.41:8404",host="edge-1"';
const edge = { host: "edge-1" };

export const edgeCases: Cases = {
  EdgeProxyDown: values(10, `up{${proxy}}`, "0x20", "1x20", edge),
  EdgeBackendDown: values(
    10,
    [
      `haproxy_backend_active_servers{${proxy},proxy="https-machines"}`,
      `haproxy_backend_backup_servers{${proxy},proxy="https-machines"}`,
    ],
    ["0x20", "0x20"],
    // The standby took over.
    ["0x20", "1x20"],
    { ...edge, proxy: "https-machines" },
  ),
  EdgeServerDown: values(
    20,
    `haproxy_server_status{${proxy},proxy="https-machines",server="gateway-worker-1",state="DOWN"}`,
    "1x30",
    "0x30",
    { ...edge, proxy: "https-machines", server: "gateway-worker-1" },
  ),
  EdgeConnectionsFull: values(
    15,
    [`haproxy_process_current_connections{${proxy}}`, `haproxy_process_max_connections{${proxy}}`],
    ["900x20", "1000x20"],
    ["100x20", "1000x20"],
    edge,
  ),
};

const address = (host: string, value = "192.0.2.40") =>
  `node_network_address_info{job="node-exporter",host="${host}",device="eth0",address="${value}"}`;
const others = { [address("edge-1", "192.0.2.41")]: "1x60" };

export const addressCases: Cases = {
  EdgeAddressMissing: {
    fires: [{ series: others, minutes: 10 }],
    quiet: [
      { series: { ...others, [address("edge-1")]: "1x60" }, minutes: 10 },
      // No host tells of its addresses at all.
      { series: {}, minutes: 10 },
    ],
  },
  EdgeAddressTwice: pair(
    10,
    { [address("edge-1")]: "1x60", [address("edge-2")]: "1x60" },
    { [address("edge-1")]: "1x60" },
    { address: "192.0.2.40" },
  ),
  EdgeAddressMoves: pair(
    30,
    {
      [address("edge-1")]: "1x3 stale _x3 1x3 stale _x3 1x3 stale _x3",
      [address("edge-2")]: "_x3 1x3 stale _x3 1x3 stale _x3 1x3",
    },
    // Once is what it is for.
    { [address("edge-1")]: "1x10 stale", [address("edge-2")]: "_x11 1x30" },
    { address: "192.0.2.40" },
  ),
};

const url = 'job="urls",instance="https://web.apps.site.example"';
const asked = { instance: "https://web.apps.site.example" };

export const urlCases: Cases = {
  UrlFails: values(10, `probe_success{${url}}`, "1 0x20", "1 0 1x20", asked),
  UrlSlow: values(30, `probe_duration_seconds{${url}}`, "6x40", "0.2x40", asked),
  UrlCertificateExpires: values(
    90,
    `probe_ssl_earliest_cert_expiry{${url}}`,
    `${10 * day}x100`,
    `${50 * day}x100`,
    asked,
  ),
  UrlCertificateExpiresNow: values(
    30,
    `probe_ssl_earliest_cert_expiry{${url}}`,
    `${3 * day}x40`,
    `${10 * day}x40`,
    asked,
  ),
};

const traefik = 'job="traefik",instance="one",service="parcels-web"';

export const standbyCases: Cases = {
  StandbyIngressDown: gone("traefik", 20),
  StandbyIngressErrors: values(
    30,
    [
      `traefik_service_requests_total{${traefik},code="502"}`,
      `traefik_service_requests_total{${traefik},code="200"}`,
    ],
    ["0+60x40", "0+600x40"],
    ["0+1x40", "0+600x40"],
    { service: "parcels-web" },
  ),
};

const beat = 'job="filebeat",instance="192.0.2.21:9479",host="worker-1"';
const beatOf = { job: "filebeat", host: "worker-1" };

export const loggingCases: Cases = {
  LogsNotRead: values(20, `up{${beat}}`, "0x30", "1x30", beatOf),
  LogsNotShipped: values(
    40,
    [`beat_output_events_acked_total{${beat}}`, `beat_pipeline_events_active{${beat}}`],
    ["100x50", "50x50"],
    // Nothing is logged.
    ["100x50", "0x50"],
    { host: "worker-1" },
  ),
  LogQueueFull: values(
    30,
    [`beat_pipeline_events_active{${beat}}`, `beat_pipeline_queue_max_events{${beat}}`],
    ["100x40", "100x40"],
    ["20x40", "100x40"],
    beatOf,
  ),
  LogsRefused: values(
    40,
    [`beat_output_events_failed_total{${beat}}`, `beat_output_events_acked_total{${beat}}`],
    ["0+60x50", "0+100x50"],
    ["0+1x50", "0+100x50"],
    beatOf,
  ),
  LogsLost: values(20, `beat_output_events_dropped_total{${beat}}`, "0+1x30", "3x30", beatOf),
};

export const nightingaleCases: Cases = {
  NightingaleDown: values(
    20,
    [
      'kube_deployment_status_replicas_available{job="kube-state-metrics",namespace="nightingale",deployment="nightingale"}',
      'kube_deployment_spec_replicas{job="kube-state-metrics",namespace="nightingale",deployment="nightingale"}',
    ],
    ["0x30", "2x30"],
    ["2x30", "2x30"],
  ),
};

const argo = 'job="argo-cd",instance="one"';
const application = 'name="team-web",project="team"';
const ofApplication = { name: "team-web" };

export const deliveryCases: Cases = {
  DeliveryDown: gone("argo-cd", 20),
  ApplicationNotSynced: pair(
    90,
    {
      [`argocd_app_info{${argo},${application},sync_status="OutOfSync",health_status="Healthy"}`]:
        "1x100",
    },
    {
      [`argocd_app_info{${argo},${application},sync_status="Synced",health_status="Healthy"}`]:
        "1x100",
    },
    { ...ofApplication, sync_status: "OutOfSync" },
  ),
  ApplicationUnwell: pair(
    30,
    {
      [`argocd_app_info{${argo},${application},sync_status="Synced",health_status="Degraded"}`]:
        "1x40",
    },
    {
      [`argocd_app_info{${argo},${application},sync_status="Synced",health_status="Progressing"}`]:
        "1x40",
    },
    { ...ofApplication, health_status: "Degraded" },
  ),
  ApplicationSyncFails: pair(
    30,
    { [`argocd_app_sync_total{${argo},${application},phase="Failed"}`]: "0+1x40" },
    { [`argocd_app_sync_total{${argo},${application},phase="Succeeded"}`]: "0+1x40" },
    ofApplication,
  ),
  RepositoryUnreached: values(
    30,
    `argocd_git_fetch_fail_total{${argo},repo="https://git.example/a.git"}`,
    "0+1x40",
    "1x40",
    { repo: "https://git.example/a.git" },
  ),
};
