import { jobs } from "../alerting/jobs";
import type { Dashboard } from "./dashboard-types";
import { bars, fullIsBad, lines, noneIsWell, number, oneIsWell, table, timeLeft } from "./panels";
import { from } from "./selectors";
import { folders, uids } from "./uids";

/** KubeKey installs Harbor without figures of its own: it is asked for its health, and the nodes tell of its images. */
const health = from(jobs.harbor);

/** Harbor: whether images can be had, and how full its host is. */
export function harborDashboard(): Dashboard {
  return {
    uid: uids.harbor,
    title: "Registry",
    description:
      "Harbor: whether it is well, whether nodes get images from it and how full its host is.",
    folder: folders.platform,
    variables: [],
    links: [uids.overview, uids.hosts],
    rows: [
      {
        title: "State",
        panels: [
          number(
            "Healthy",
            "1 where every part of Harbor says that it is well.",
            "none",
            `min(probe_success${health})`,
            oneIsWell,
          ),
          number(
            "Certificate",
            "Time until Harbor's certificate ends. Nothing can be pulled from then on.",
            "dtdurations",
            `min(probe_ssl_earliest_cert_expiry${health}) - time()`,
            { thresholds: timeLeft },
          ),
          number(
            "Images that do not come",
            "Containers that wait because their image cannot be had.",
            "none",
            `sum(kube_pod_container_status_waiting_reason${from(jobs.clusterState, 'reason=~"ImagePullBackOff|ErrImagePull|InvalidImageName"')})`,
            noneIsWell,
          ),
          lines(
            "Time to answer",
            "Where the time of a question for Harbor's health goes.",
            "s",
            [[`probe_http_duration_seconds${health}`, "{{phase}}"]],
            { stacked: true },
          ),
        ],
      },
      {
        title: "Images at nodes",
        panels: [
          lines("Pulls", "Images that nodes ask for.", "ops", [
            [
              `sum by (host) (rate(kubelet_runtime_operations_total${from(jobs.kubelet, 'operation_type="pull_image"')}[5m]))`,
              "{{host}}",
            ],
          ]),
          lines("Failed pulls", "Images that nodes asked for and did not get.", "ops", [
            [
              `sum by (host) (rate(kubelet_runtime_operations_errors_total${from(jobs.kubelet, 'operation_type="pull_image"')}[5m]))`,
              "{{host}}",
            ],
          ]),
          table(
            "Who waits for an image",
            "Containers whose image cannot be had now.",
            "none",
            `kube_pod_container_status_waiting_reason${from(jobs.clusterState, 'reason=~"ImagePullBackOff|ErrImagePull|InvalidImageName"')} > 0`,
            { namespace: "Namespace", pod: "Pod", container: "Container", reason: "Reason" },
          ),
          bars(
            "File systems of machines outside the cluster",
            "The registry's host among them, where the site has its figures read (monitoring.hosts).",
            "percentunit",
            [
              [
                `1 - max by (host, mountpoint) (node_filesystem_avail_bytes${from(jobs.hosts, 'fstype!~"tmpfs|overlay|squashfs|iso9660"')} / node_filesystem_size_bytes${from(jobs.hosts, 'fstype!~"tmpfs|overlay|squashfs|iso9660"')})`,
                "{{host}} {{mountpoint}}",
              ],
            ],
            fullIsBad,
          ),
        ],
      },
    ],
  };
}
