import { jobs } from "../jobs";
import type { RecordingRule, RuleGroup } from "../rule-types";
import { recording, serviceAlert, systemAlert } from "./rule";

/** The service mesh: its control plane, and what proxies say of requests. */

const control = `job="${jobs.meshControl}"`;

const controlRules = [
  systemAlert({
    alert: "MeshControlDown",
    severity: "critical",
    minutes: 5,
    expr: `absent(up{${control}} == 1)`,
    summary: "The mesh's control plane does not answer",
    description:
      "Proxies go on with what they know. New Pods of the mesh do not start, and certificates of the others end within a day.",
    runbook: [
      "`kubectl -n istio-system get pods -l app=istiod -o wide` and their logs.",
      "`kubectl get mutatingwebhookconfigurations | grep istio`.",
    ],
  }),
  systemAlert({
    alert: "MeshConfigurationRejected",
    severity: "warning",
    minutes: 5,
    expr: `sum by (type) (increase(pilot_total_xds_rejects{${control}}[10m])) > 0`,
    summary: "Proxies refuse what the mesh's control plane sends them ({{ $labels.type }})",
    description:
      "They go on with older configuration: routes, limits or filters are not as stated.",
    runbook: [
      "`istioctl proxy-status`: whose line says STALE?",
      "`kubectl -n istio-system logs -l app=istiod | grep -i 'ack error'` names resource and reason; mostly a filter of the release.",
    ],
  }),
  systemAlert({
    alert: "MeshPushesFail",
    severity: "warning",
    minutes: 10,
    expr: `sum(rate(pilot_total_xds_internal_errors{${control}}[5m])) > 0`,
    summary: "The mesh's control plane fails to make configuration",
    description: "Proxies do not learn of changes.",
    runbook: ["`kubectl -n istio-system logs -l app=istiod`; `istioctl analyze -A`."],
  }),
  systemAlert({
    alert: "MeshSlow",
    severity: "warning",
    minutes: 15,
    expr: `histogram_quantile(0.99, sum by (le) (rate(pilot_proxy_convergence_time_bucket{${control}}[5m]))) > 30`,
    summary: "Proxies learn of changes after {{ $value | humanizeDuration }}",
    description: "Requests go to Pods that are gone already.",
    runbook: [
      "Processor and memory of istiod (`kubectl -n istio-system top pods`); more replicas or a higher limit.",
    ],
  }),
  systemAlert({
    alert: "MeshInjectionFails",
    severity: "critical",
    minutes: 5,
    expr: `sum(increase(sidecar_injection_failure_total{${control}}[10m])) > 0`,
    summary: "Pods of the mesh are refused: their proxies cannot be added",
    description: "They do not start, or start outside the mesh.",
    runbook: [
      "`kubectl -n istio-system logs -l app=istiod | grep -i inject`.",
      "`kubectl get events -A | grep -i istio`.",
    ],
  }),
  systemAlert({
    alert: "MeshAuthorityExpires",
    severity: "critical",
    minutes: 60,
    expr: `min(citadel_server_root_cert_expiry_timestamp{${control}}) - time() < 60 * 86400`,
    summary: "The mesh's own authority ends in {{ $value | humanizeDuration }}",
    description: "Afterwards no workload of the mesh trusts another.",
    runbook: [
      "Plan the exchange of the root certificate: the new one is added to the trust of all, then used, then the old one removed (Istio: plug in CA certificates).",
    ],
  }),
];

/** Requests by what they were for, as the proxy at their end counts them; `class` is 2xx, 4xx, 5xx and so on. */
const requestRecordings: readonly RecordingRule[] = [
  recording(
    "workload:istio_requests:rate5m",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: PromQL's own way to write a group before a letter
    'sum by (namespace, workload, class) (label_replace(label_replace(label_replace(rate(istio_requests_total{reporter="destination"}[5m]), "namespace", "$1", "destination_workload_namespace", "(.+)"), "workload", "$1", "destination_workload", "(.+)"), "class", "${1}xx", "response_code", "(.).*"))',
  ),
  recording(
    "workload:istio_request_duration_milliseconds:p99_5m",
    'histogram_quantile(0.99, sum by (namespace, workload, le) (label_replace(label_replace(rate(istio_request_duration_milliseconds_bucket{reporter="destination"}[5m]), "namespace", "$1", "destination_workload_namespace", "(.+)"), "workload", "$1", "destination_workload", "(.+)")))',
  ),
];

const requestAlert = serviceAlert({
  alert: "WorkloadFailsRequests",
  severity: "warning",
  minutes: 5,
  expr: 'sum by (namespace, workload) (workload:istio_requests:rate5m{class="5xx"}) / sum by (namespace, workload) (workload:istio_requests:rate5m) > 0.05 and sum by (namespace, workload) (workload:istio_requests:rate5m) > 0.1',
  summary:
    "{{ $labels.namespace }}/{{ $labels.workload }} fails {{ $value | humanizePercentage }} of its requests",
  description: "Those who use it see faults.",
  runbook: [
    "`kubectl -n <namespace> logs` of its Pods and of their istio-proxy: `response_flags` UF or UH mean that no Pod was reached, none that it answered so itself.",
    "Did it begin with a deployment? `./sitewright rollback`, or set the canary's part to 0.",
    "Look at what it depends on: ledger, queue, services outside.",
  ],
});

/** @param sidecars whether proxies stand beside Pods, which know single requests */
export function meshRules(sidecars: boolean): RuleGroup {
  return {
    name: "mesh",
    rules: [...controlRules, ...(sidecars ? [...requestRecordings, requestAlert] : [])],
  };
}
