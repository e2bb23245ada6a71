import { jobs } from "../alerting/jobs";
import type { BlueprintInput } from "../blueprint-input";
import { gateway } from "../platform/routes";
import type { Dashboard } from "./dashboard-types";
import { lines, noneIsWell, number, oneIsWell, timeLeft } from "./panels";
import { from } from "./selectors";
import { folders, uids } from "./uids";

const control = from(jobs.meshControl);
const proxies = (...matchers: readonly string[]) => from(jobs.meshProxies, ...matchers);
const atGateway = proxies('reporter="source"', `source_workload="${gateway.name}"`);

/** Istio: whether proxies get their configuration, and what goes through them. */
export function meshDashboard({ site }: BlueprintInput): Dashboard {
  return {
    uid: uids.mesh,
    title: "Mesh",
    description: "Istio: whether proxies get their configuration, and what goes through them.",
    folder: folders.platform,
    variables: [],
    links: [uids.overview, uids.workloads, ...(site.tracing === undefined ? [] : [uids.tracing])],
    rows: [
      {
        title: "Control plane",
        panels: [
          number(
            "Control planes up",
            "Pods of istiod that answer.",
            "none",
            `sum(up${control})`,
            oneIsWell,
          ),
          number(
            "Proxies connected",
            "Proxies that get their configuration now.",
            "none",
            `sum(pilot_xds${control})`,
          ),
          number(
            "Refused configuration",
            "Pieces of configuration that proxies did not take in ten minutes: they keep the old one.",
            "none",
            `sum(increase(pilot_total_xds_rejects${control}[10m]))`,
            noneIsWell,
          ),
          number(
            "Refused objects",
            "Objects that the control plane refused as wrong in ten minutes.",
            "none",
            `sum(increase(galley_validation_failed${control}[10m]))`,
            noneIsWell,
          ),
          number(
            "Root certificate",
            "Time until the mesh's own root certificate ends.",
            "dtdurations",
            `min(citadel_server_root_cert_expiry_timestamp${control}) - time()`,
            { thresholds: timeLeft },
          ),
          lines(
            "Until proxies follow",
            "From a change until all proxies concerned have it: half of the changes, and all but one in a hundred, are faster.",
            "s",
            [
              [
                `histogram_quantile(0.5, sum by (le) (rate(pilot_proxy_convergence_time_bucket${control}[5m])))`,
                "half",
              ],
              [
                `histogram_quantile(0.99, sum by (le) (rate(pilot_proxy_convergence_time_bucket${control}[5m])))`,
                "99 %",
              ],
            ],
          ),
          lines("Pushes", "Pieces of configuration sent to proxies, by kind.", "ops", [
            [`sum by (type) (rate(pilot_xds_pushes${control}[5m]))`, "{{type}}"],
          ]),
        ],
      },
      {
        title: "Gateway",
        panels: [
          lines(
            "Requests by status",
            "What came in through the gateway, and how it was answered.",
            "reqps",
            [
              [
                `sum by (response_code) (rate(istio_requests_total${atGateway}[5m]))`,
                "{{response_code}}",
              ],
            ],
            { stacked: true },
          ),
          lines("Time to answer", "From the gateway to the workload and back.", "ms", [
            [
              `histogram_quantile(0.5, sum by (le) (rate(istio_request_duration_milliseconds_bucket${atGateway}[5m])))`,
              "half",
            ],
            [
              `histogram_quantile(0.95, sum by (le) (rate(istio_request_duration_milliseconds_bucket${atGateway}[5m])))`,
              "95 %",
            ],
            [
              `histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket${atGateway}[5m])))`,
              "99 %",
            ],
          ]),
        ],
      },
      {
        title: "Between workloads",
        panels: [
          lines("Requests", "Who calls whom: the ten busiest ways.", "reqps", [
            [
              `topk(10, sum by (source_workload, destination_workload) (rate(istio_requests_total${proxies('reporter="destination"')}[5m])))`,
              "{{source_workload}} to {{destination_workload}}",
            ],
          ]),
          lines("Failed", "Requests answered with 5xx or not at all, by way.", "reqps", [
            [
              `sum by (source_workload, destination_workload) (rate(istio_requests_total${proxies('reporter="destination"', 'response_code=~"5..|0"')}[5m])) > 0`,
              "{{source_workload}} to {{destination_workload}}",
            ],
          ]),
          lines(
            "Why proxies gave up",
            "Flags of answers that proxies made themselves: UO is a full circuit, UH no healthy Pod, UF a refused connection, RL a rate limit.",
            "reqps",
            [
              [
                `sum by (response_flags) (rate(istio_requests_total${proxies('response_flags!="-"')}[5m]))`,
                "{{response_flags}}",
              ],
            ],
          ),
          lines(
            "Without mutual TLS",
            "Requests to workloads of the mesh that came in plain.",
            "reqps",
            [
              [
                `sum by (destination_workload) (rate(istio_requests_total${proxies('reporter="destination"', 'connection_security_policy="none"')}[5m])) > 0`,
                "{{destination_workload}}",
              ],
            ],
          ),
          lines("Other connections", "Bytes of connections that are not HTTP.", "Bps", [
            [
              `sum by (destination_workload) (rate(istio_tcp_received_bytes_total${proxies('reporter="destination"')}[5m]))`,
              "{{destination_workload}} received",
            ],
            [
              `sum by (destination_workload) (rate(istio_tcp_sent_bytes_total${proxies('reporter="destination"')}[5m]))`,
              "{{destination_workload}} sent",
            ],
          ]),
        ],
      },
    ],
  };
}
