import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { recording, systemAlert } from "./rule";

/** The cluster's API servers, controllers, scheduler and DNS. */

const api = `job="${jobs.apiServer}"`;
const dns = `job="${jobs.dns}"`;

/** Requests that are answered at once; watches and the like last as long as their clients want. */
const prompt = `${api},verb=~"GET|POST|PUT|PATCH|DELETE",subresource!~"proxy|attach|log|exec|portforward"`;

/** @param members hosts that run an API server */
export function controlPlaneRules(members: number): RuleGroup {
  return {
    name: "control-plane",
    rules: [...rules, ...(members > 1 ? [memberDown(members)] : [])],
  };
}

/** The cluster itself no longer names one that is down, so that nothing asks for it: they are counted. */
function memberDown(members: number) {
  return systemAlert({
    alert: "ApiServerMemberDown",
    severity: "warning",
    minutes: 5,
    expr: `count(up{${api}} == 1) < ${members}`,
    summary: `Only {{ $value }} of ${members} API servers answer`,
    description: "The others carry the load; the next failure may leave none.",
    runbook: [
      "`kubectl get endpointslices -l kubernetes.io/service-name=kubernetes` names those that answer.",
      "As for ApiServerDown, on the host that is missing there.",
    ],
  });
}

const rules = [
  recording(
    "verb:apiserver_request_total:rate5m",
    `sum by (verb) (rate(apiserver_request_total{${api}}[5m]))`,
  ),
  systemAlert({
    alert: "ApiServerDown",
    severity: "critical",
    minutes: 5,
    expr: `absent(up{${api}} == 1)`,
    summary: "No API server of the cluster answers",
    description: "What runs goes on running, but nothing is started, moved or changed any more.",
    runbook: [
      "On a control-plane host: `crictl ps -a | grep apiserver`, `crictl logs` of it, `systemctl status kubelet`.",
      "Mostly etcd is the cause: see the etcd rules. Or its certificates: `kubeadm certs check-expiration`.",
      "Do not restart nodes meanwhile: Pods would not come back.",
    ],
  }),
  systemAlert({
    alert: "ApiServerErrors",
    severity: "warning",
    minutes: 10,
    expr: `sum(rate(apiserver_request_total{${api},code=~"5.."}[5m])) / sum(rate(apiserver_request_total{${api}}[5m])) > 0.03`,
    summary: "{{ $value | humanizePercentage }} of the requests to the API servers fail",
    description: "Controllers and people see faults; changes may be left half done.",
    runbook: [
      "`kubectl get --raw '/readyz?verbose'`: which check fails?",
      "`kubectl get apiservices | grep False` and `kubectl get validatingwebhookconfigurations`: does an extension or a webhook not answer?",
      "Look at etcd's latency.",
    ],
  }),
  systemAlert({
    alert: "ApiServerSlow",
    severity: "warning",
    minutes: 10,
    expr: `histogram_quantile(0.99, sum by (le, verb) (rate(apiserver_request_sli_duration_seconds_bucket{${prompt}}[5m]))) > 1`,
    summary:
      "One in a hundred {{ $labels.verb }} requests to the API servers takes over {{ $value | humanizeDuration }}",
    description: "Everything that controls the cluster becomes slow.",
    runbook: [
      "etcd first: EtcdDiskSlow, size of its database.",
      "`kubectl get --raw /metrics | grep apiserver_flowcontrol_current_inqueue`: who asks so much?",
      "Load and memory of the control-plane hosts.",
    ],
  }),
  systemAlert({
    alert: "ApiExtensionDown",
    severity: "warning",
    minutes: 10,
    expr: `sum by (name) (aggregator_unavailable_apiservice{${api}}) > 0`,
    summary: "The API extension {{ $labels.name }} does not answer",
    description:
      "Namespaces cannot be deleted while one is gone; what it served is missing (`kubectl top`).",
    runbook: [
      "`kubectl get apiservice <name> -o yaml`: which Service, which fault?",
      "Look at the Pods behind it.",
    ],
  }),
  systemAlert({
    alert: "ControlPlaneCertificateExpires",
    severity: "warning",
    minutes: 15,
    expr: certificateWithin(30),
    summary: "A client of the API server has a certificate for less than 30 days",
    description:
      "Certificates of the control plane last a year and are not renewed by themselves everywhere. Afterwards the cluster cannot be controlled.",
    runbook: [
      "`kubeadm certs check-expiration` on a control-plane host names those that end.",
      "Set `cluster.certificatesRenewed` in the site file to this month and deploy: every host's are renewed, one after the other.",
    ],
  }),
  systemAlert({
    alert: "ControlPlaneCertificateExpiresNow",
    severity: "critical",
    minutes: 5,
    expr: certificateWithin(7),
    summary: "A client of the API server has a certificate for less than 7 days",
    description: "Once it has ended the cluster cannot be controlled any more.",
    runbook: ["As for ControlPlaneCertificateExpires, today."],
  }),
  systemAlert({
    alert: "ControllerManagerDown",
    severity: "critical",
    minutes: 10,
    expr: `absent(up{job="${jobs.controllerManager}"} == 1)`,
    summary: "No kube-controller-manager answers",
    description: "Pods that end are not replaced; roll-outs and Jobs stand still.",
    runbook: [
      "`kubectl -n kube-system get pods -l component=kube-controller-manager -o wide` and their logs.",
      "When they run: is TCP 10257 open to Prometheus, and do they listen on more than 127.0.0.1?",
    ],
  }),
  systemAlert({
    alert: "SchedulerDown",
    severity: "critical",
    minutes: 10,
    expr: `absent(up{job="${jobs.scheduler}"} == 1)`,
    summary: "No kube-scheduler answers",
    description: "New Pods get no node.",
    runbook: [
      "`kubectl -n kube-system get pods -l component=kube-scheduler -o wide` and their logs.",
      "When they run: is TCP 10259 open to Prometheus, and do they listen on more than 127.0.0.1?",
    ],
  }),
  systemAlert({
    alert: "DnsDown",
    severity: "critical",
    minutes: 5,
    expr: `absent(up{${dns}} == 1)`,
    summary: "The cluster's DNS does not answer",
    description: "Workloads do not find each other by name.",
    runbook: [
      "`kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide` and their logs.",
      "`kubectl -n kube-system get configmap coredns -o yaml`: was it changed?",
    ],
  }),
  systemAlert({
    alert: "DnsErrors",
    severity: "warning",
    minutes: 10,
    expr: `sum(rate(coredns_dns_responses_total{${dns},rcode="SERVFAIL"}[5m])) / sum(rate(coredns_dns_responses_total{${dns}}[5m])) > 0.05`,
    summary: "{{ $value | humanizePercentage }} of the cluster's DNS queries fail",
    description: "Names outside the cluster mostly: the customer's DNS server does not answer.",
    runbook: [
      "`kubectl -n kube-system logs -l k8s-app=kube-dns | grep -i error`: which server?",
      "Ask that server from a node: `dig @<server> <name>`; correct /etc/resolv.conf of the hosts.",
    ],
  }),
  systemAlert({
    alert: "DnsSlow",
    severity: "warning",
    minutes: 10,
    expr: `histogram_quantile(0.99, sum by (le) (rate(coredns_dns_request_duration_seconds_bucket{${dns}}[5m]))) > 1`,
    summary: "One in a hundred DNS queries takes over {{ $value | humanizeDuration }}",
    description: "Every new connection to a name waits for it.",
    runbook: ["As for DnsErrors; then look at the load of the nodes that run it."],
  }),
];

function certificateWithin(days: number): string {
  const clients = `sum by (job) (rate(apiserver_client_certificate_expiration_seconds_count{${api}}[5m])) > 0`;
  const soonest = `histogram_quantile(0.01, sum by (job, le) (rate(apiserver_client_certificate_expiration_seconds_bucket{${api}}[5m])))`;
  return `${soonest} < ${days} * 86400 and on (job) ${clients}`;
}
