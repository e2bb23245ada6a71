import { jobs } from "../alerting/jobs";
import type { BlueprintInput } from "../blueprint-input";
import type { Dashboard, Panel } from "./dashboard-types";
import { objectivePanels } from "./objectives";
import { bars, fullIsBad, lines, noneIsWell, number, table, timeLeft, wholeIsWell } from "./panels";
import { from, fromHosts } from "./selectors";
import { folders, uids } from "./uids";

const state = from(jobs.clusterState);
const running = from(jobs.clusterState, 'phase!~"Succeeded|Failed"');

/** The site at a glance: what is wrong now, what will end soon, and how much room is left. */
export function overviewDashboard(
  { name, site, release }: BlueprintInput,
  links: readonly string[],
): Dashboard {
  const objectives = objectivePanels(release);
  const health: readonly Panel[] = [
    number(
      "Hosts up",
      "Share of the site's machines whose figures arrive. Below one a machine, or the way to it, is down.",
      "percentunit",
      `sum(up${fromHosts()}) / count(up${fromHosts()})`,
      { ...wholeIsWell, more: uids.hosts },
    ),
    number(
      "Nodes not ready",
      "Nodes of the cluster that take no Pods.",
      "none",
      `sum(kube_node_status_condition${from(jobs.clusterState, 'condition="Ready"', 'status="true"')} == bool 0)`,
      { ...noneIsWell, more: uids.hosts },
    ),
    number(
      "Pods not ready",
      "Pods that should serve and do not, for whatever reason.",
      "none",
      `sum(kube_pod_status_ready${from(jobs.clusterState, 'condition="false"')} * on (namespace, pod) (sum by (namespace, pod) (kube_pod_status_phase${running}) > 0))`,
      { ...noneIsWell, more: uids.workloads },
    ),
    ...(["critical", "warning", "info"] as const).map((severity) =>
      number(
        `Firing: ${severity}`,
        `Alerts of severity ${severity} that fire now; each has its steps in the runbook.`,
        "none",
        `count(ALERTS{alertstate="firing",severity="${severity}",alertname!="Watchdog"})`,
        severity === "critical"
          ? noneIsWell
          : {
              thresholds: [
                { colour: "green" },
                { from: 1, colour: severity === "info" ? "blue" : "orange" },
              ],
              noValue: "0",
            },
      ),
    ),
  ];
  return {
    uid: uids.overview,
    title: `${name}: overview`,
    description: "What is wrong now, what will end soon, and how much room is left.",
    folder: folders.site,
    variables: [],
    links,
    rows: [
      { title: "Now", panels: health },
      {
        title: "Alerts",
        panels: [
          table(
            "Firing alerts",
            "Every alert that fires, with whom it is for. The runbook of each is in the documentation under its name.",
            "none",
            'ALERTS{alertstate="firing",alertname!="Watchdog"}',
            {
              severity: "Severity",
              alertname: "Alert",
              dimension: "Dimension",
              team: "Team",
              namespace: "Namespace",
              workload: "Workload",
              host: "Host",
              instance: "Instance",
            },
            { width: 16 },
          ),
          bars(
            "Firing by dimension",
            "Whether machines and platform, what workloads promise, or the product's purpose is concerned.",
            "none",
            [
              [
                'count by (dimension) (ALERTS{alertstate="firing",alertname!="Watchdog"})',
                "{{dimension}}",
              ],
            ],
            { width: 8, noValue: "0" },
          ),
          table(
            "What does not answer",
            "Pages, shared addresses, the registry and the config centre, asked as their clients ask them.",
            "none",
            `probe_success{job=~"${[jobs.urls, jobs.harbor, jobs.configCentre].join("|")}"} == 0`,
            { job: "Kind", instance: "Asked" },
            { width: 24, height: 5 },
          ),
        ],
      },
      ...(objectives.length === 0 ? [] : [{ title: "Promises", panels: objectives }]),
      { title: "What ends", panels: endings(site) },
      {
        title: "Room",
        panels: [
          lines(
            "Processors asked for",
            "Requests of all Pods against what the nodes give. Near one no further Pod finds a place.",
            "percentunit",
            [
              [
                `sum(kube_pod_container_resource_requests${from(jobs.clusterState, 'resource="cpu"')} * on (namespace, pod) group_left () (sum by (namespace, pod) (kube_pod_status_phase${running}) > 0)) / sum(kube_node_status_allocatable${from(jobs.clusterState, 'resource="cpu"')})`,
                "processors",
              ],
              [
                `sum(kube_pod_container_resource_requests${from(jobs.clusterState, 'resource="memory"')} * on (namespace, pod) group_left () (sum by (namespace, pod) (kube_pod_status_phase${running}) > 0)) / sum(kube_node_status_allocatable${from(jobs.clusterState, 'resource="memory"')})`,
                "memory",
              ],
            ],
            { ...fullIsBad, width: 8 },
          ),
          bars(
            "Fullest file systems",
            "The five fullest file systems of machines.",
            "percentunit",
            [
              [
                `topk(5, 1 - max by (host, mountpoint) (node_filesystem_avail_bytes${fromHosts('fstype!~"tmpfs|overlay|squashfs|iso9660"')} / node_filesystem_size_bytes${fromHosts('fstype!~"tmpfs|overlay|squashfs|iso9660"')}))`,
                "{{host}} {{mountpoint}}",
              ],
            ],
            { ...fullIsBad, width: 8, more: uids.hosts },
          ),
          bars(
            "Fullest volumes",
            "The five fullest volumes of Pods.",
            "percentunit",
            [
              [
                `topk(5, 1 - max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes${from(jobs.kubelet)} / kubelet_volume_stats_capacity_bytes${from(jobs.kubelet)}))`,
                "{{namespace}}/{{persistentvolumeclaim}}",
              ],
            ],
            { ...fullIsBad, width: 8, more: uids.workloads },
          ),
          lines(
            "Pods by phase",
            "Pending for long: no room, no volume or no image. Failed: what ended badly and was not cleaned up.",
            "none",
            [[`sum by (phase) (kube_pod_status_phase${state})`, "{{phase}}"]],
            { width: 24, stacked: true },
          ),
        ],
      },
    ],
  };
}

/** What has a last day: certificates of exposed pages, and those that the site's authority signs. */
function endings(site: BlueprintInput["site"]): readonly Panel[] {
  return [
    table(
      "Certificates of pages",
      "Time until the first certificate of the chain that a page shows ends, soonest first.",
      "dtdurations",
      `sort(probe_ssl_earliest_cert_expiry${from(jobs.urls)} - time())`,
      { instance: "Page" },
      { thresholds: timeLeft, width: 12 },
    ),
    ...(site.certificates === undefined
      ? []
      : [
          table(
            "Certificates in the cluster",
            "Time until a certificate of the site's authority ends; it is renewed well before.",
            "dtdurations",
            `sort(certmanager_certificate_expiration_timestamp_seconds${from(jobs.certificates)} - time())`,
            { namespace: "Namespace", name: "Certificate" },
            { thresholds: timeLeft, width: 12 },
          ),
        ]),
  ];
}
