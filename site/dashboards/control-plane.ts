import { jobs } from "../alerting/jobs";
import type { Dashboard } from "./dashboard-types";
import { bars, lines, noneIsWell, number, wholeIsWell } from "./panels";
import { from } from "./selectors";
import { folders, uids } from "./uids";

const api = (...matchers: readonly string[]) => from(jobs.apiServer, ...matchers);
const etcd = from(jobs.etcd);
const dns = from(jobs.dns);
const kubelet = from(jobs.kubelet);

/** Kubernetes itself: API servers, etcd, scheduler, controllers, kubelets and names. */
export function controlPlaneDashboard(): Dashboard {
  return {
    uid: uids.controlPlane,
    title: "Kubernetes",
    description: "API servers, etcd, scheduler, controllers, kubelets and names.",
    folder: folders.platform,
    variables: [],
    links: [uids.overview, uids.hosts],
    rows: [
      {
        title: "State",
        panels: [
          ...(
            [
              ["API servers", jobs.apiServer],
              ["etcd", jobs.etcd],
              ["Schedulers", jobs.scheduler],
              ["Controllers", jobs.controllerManager],
              ["Kubelets", jobs.kubelet],
              ["DNS", jobs.dns],
            ] as const
          ).map(([title, job]) =>
            number(
              title,
              "Share of those that answer Prometheus.",
              "percentunit",
              `sum(up${from(job)}) / count(up${from(job)})`,
              wholeIsWell,
            ),
          ),
        ],
      },
      {
        title: "API servers",
        panels: [
          lines(
            "Requests",
            "Requests a second by what they do.",
            "reqps",
            [[`sum by (verb) (rate(apiserver_request_total${api()}[5m]))`, "{{verb}}"]],
            { stacked: true },
          ),
          lines(
            "Failed",
            "Share of requests answered with 5xx.",
            "percentunit",
            [
              [
                `sum(rate(apiserver_request_total${api('code=~"5.."')}[5m])) / sum(rate(apiserver_request_total${api()}[5m]))`,
                "failed",
              ],
            ],
            { thresholds: [{ colour: "green" }, { from: 0.01, colour: "red" }] },
          ),
          lines(
            "Time to answer",
            "99 in a hundred are faster; watches are left out, since they stay open.",
            "s",
            [
              [
                `histogram_quantile(0.99, sum by (le, verb) (rate(apiserver_request_duration_seconds_bucket${api('verb!~"WATCH|CONNECT"')}[5m])))`,
                "{{verb}}",
              ],
            ],
          ),
          lines("At once", "Requests that are being answered.", "none", [
            [
              `sum by (instance, request_kind) (apiserver_current_inflight_requests${api()})`,
              "{{instance}} {{request_kind}}",
            ],
          ]),
        ],
      },
      {
        title: "etcd",
        panels: [
          number(
            "Without leader",
            "Members that know no leader: nothing can be written.",
            "none",
            `sum(etcd_server_has_leader${etcd} == bool 0)`,
            noneIsWell,
          ),
          number(
            "New leaders in a day",
            "Often: slow disks or a slow network.",
            "none",
            `max(increase(etcd_server_leader_changes_seen_total${etcd}[1d]))`,
            { thresholds: [{ colour: "green" }, { from: 3, colour: "yellow" }] },
          ),
          bars(
            "Room used",
            "Share of the quota; at one the cluster can only be read.",
            "percentunit",
            [
              [
                `etcd_mvcc_db_total_size_in_bytes${etcd} / etcd_server_quota_backend_bytes${etcd}`,
                "{{host}}",
              ],
            ],
            {
              thresholds: [
                { colour: "green" },
                { from: 0.7, colour: "yellow" },
                { from: 0.85, colour: "red" },
              ],
              max: 1,
              width: 16,
              height: 4,
            },
          ),
          lines(
            "Writing the log",
            "Time until a write is on disk: 99 in a hundred are faster. Above 10 ms the disk is too slow.",
            "s",
            [
              [
                `histogram_quantile(0.99, sum by (le, host) (rate(etcd_disk_wal_fsync_duration_seconds_bucket${etcd}[5m])))`,
                "{{host}}",
              ],
            ],
          ),
          lines(
            "Between members",
            "Time to another member and back: 99 in a hundred are faster.",
            "s",
            [
              [
                `histogram_quantile(0.99, sum by (le, host) (rate(etcd_network_peer_round_trip_time_seconds_bucket${etcd}[5m])))`,
                "{{host}}",
              ],
            ],
          ),
        ],
      },
      {
        title: "Scheduler, controllers and kubelets",
        panels: [
          lines("Pods that wait", "Pods that have no node yet.", "none", [
            [`sum by (queue) (scheduler_pending_pods${from(jobs.scheduler)})`, "{{queue}}"],
          ]),
          lines(
            "Queues of controllers",
            "The five longest queues. One that only grows means a controller that is stuck.",
            "none",
            [
              [
                `topk(5, sum by (name) (workqueue_depth${from(jobs.controllerManager)}))`,
                "{{name}}",
              ],
            ],
          ),
          lines("Pods on nodes", "Running Pods of each node; a node takes 110.", "none", [
            [`kubelet_running_pods${kubelet}`, "{{host}}"],
          ]),
          lines("Failed operations", "Operations on containers that failed.", "ops", [
            [
              `sum by (host, operation_type) (rate(kubelet_runtime_operations_errors_total${kubelet}[5m])) > 0`,
              "{{host}} {{operation_type}}",
            ],
          ]),
        ],
      },
      {
        title: "Names",
        panels: [
          lines(
            "Questions by answer",
            "NXDOMAIN is usual; SERVFAIL is not.",
            "reqps",
            [[`sum by (rcode) (rate(coredns_dns_responses_total${dns}[5m]))`, "{{rcode}}"]],
            { stacked: true },
          ),
          lines("Time to answer", "99 in a hundred are faster.", "s", [
            [
              `histogram_quantile(0.99, sum by (le) (rate(coredns_dns_request_duration_seconds_bucket${dns}[5m])))`,
              "99 %",
            ],
          ]),
        ],
      },
    ],
  };
}
