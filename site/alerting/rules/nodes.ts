import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** Nodes of the cluster, as Kubernetes and its kubelet see them. */

const state = `job="${jobs.clusterState}"`;
const kubelet = `job="${jobs.kubelet}"`;

export const nodeRules: RuleGroup = {
  name: "nodes",
  rules: [
    systemAlert({
      alert: "NodeNotReady",
      severity: "critical",
      minutes: 5,
      expr: `kube_node_status_condition{${state},condition="Ready",status="true"} == 0`,
      summary: "Node {{ $labels.node }} is not ready",
      description:
        "Its kubelet reports nothing or a fault. After five minutes its Pods are started elsewhere; those of StatefulSets wait.",
      runbook: [
        "`kubectl describe node` of it: which condition, since when?",
        "On the host: `systemctl status kubelet containerd`, `journalctl -u kubelet -e`, `df -h`, `free -h`.",
        "Restart what hangs. When the host is lost: `kubectl delete pod --force` its Pods of StatefulSets, so that they start elsewhere.",
      ],
    }),
    systemAlert({
      alert: "NodeUnsteady",
      severity: "warning",
      minutes: 15,
      expr: `sum by (node) (changes(kube_node_status_condition{${state},condition="Ready",status="true"}[15m])) > 2`,
      summary: "Node {{ $labels.node }} becomes ready and unready by turns",
      description: "Its Pods are taken out of service each time.",
      runbook: [
        "`journalctl -u kubelet -e` on the host: PLEG, timeouts of the container runtime, lost connections?",
        "Look at its load, its disk's latency and the network to the control plane.",
      ],
    }),
    systemAlert({
      alert: "NodeUnderPressure",
      severity: "warning",
      minutes: 5,
      expr: `kube_node_status_condition{${state},condition=~"MemoryPressure|DiskPressure|PIDPressure|NetworkUnavailable",status="true"} == 1`,
      summary: "Node {{ $labels.node }} reports {{ $labels.condition }}",
      description: "The kubelet evicts Pods and takes no new ones.",
      runbook: [
        "`kubectl describe node` shows what runs there; `kubectl get events -A --field-selector reason=Evicted` who had to go.",
        "Memory: see HostMemoryShort. Disk: see DiskAlmostFull. PIDs: `ps -eLf | wc -l`, and who starts so many.",
      ],
    }),
    systemAlert({
      alert: "NodeClosed",
      severity: "warning",
      minutes: 12 * 60,
      expr: `kube_node_spec_unschedulable{${state}} == 1`,
      summary: "Node {{ $labels.node }} has taken no new Pods for twelve hours",
      description: "It was cordoned, perhaps for work that is long done; its room is missing.",
      runbook: ["Ask whoever drained it.", "`kubectl uncordon` the node."],
    }),
    systemAlert({
      alert: "NodePodsFull",
      severity: "warning",
      minutes: 15,
      expr: `count by (node) (kube_pod_info{${state}} * on (namespace, pod) group_left () (kube_pod_status_phase{${state},phase="Running"} == 1)) / max by (node) (kube_node_status_allocatable{${state},resource="pods"}) > 0.95`,
      summary:
        "Node {{ $labels.node }} runs {{ $value | humanizePercentage }} of the Pods that it may",
      description: "Further Pods do not start there however much room there is.",
      runbook: [
        "`kubectl get pods -A --field-selector spec.nodeName=…`: are there many finished or needless ones?",
        "Add a worker, or raise `cluster.maxPods` for new nodes.",
      ],
    }),
    systemAlert({
      alert: "NodeLacksFigures",
      severity: "warning",
      minutes: 15,
      expr: `kube_node_info{${state}} unless on (node) kubelet_node_name{${kubelet}}`,
      summary: "Nothing is heard from the kubelet of node {{ $labels.node }}",
      description: "Pods may run there, but what they use and whether they work is not seen.",
      runbook: [
        "`curl -k https://<node>:10250/healthz` from another node: does the kubelet answer?",
        "Check the firewall for TCP 10250, and `kubectl get servicemonitors -n monitoring`.",
      ],
    }),
    systemAlert({
      alert: "KubeletSlow",
      severity: "warning",
      minutes: 15,
      expr: `histogram_quantile(0.99, sum by (instance, node, le) (rate(kubelet_pleg_relist_duration_seconds_bucket{${kubelet}}[5m]))) >= 10`,
      summary:
        "The kubelet of {{ $labels.node }} takes {{ $value | humanizeDuration }} to look at its Pods",
      description: "Pods start and end late, and the node may be called unready.",
      runbook: [
        "`crictl ps` on the host: does the container runtime answer quickly?",
        "Look for many Pods, a slow disk (DiskSlow), or a busy processor; restart containerd when it hangs.",
      ],
    }),
    systemAlert({
      alert: "KubeletCertificateExpires",
      severity: "critical",
      minutes: 30,
      expr: `kubelet_certificate_manager_client_ttl_seconds{${kubelet}} < 7 * 86400`,
      summary:
        "The kubelet of {{ $labels.node }} has a certificate for {{ $value | humanizeDuration }} more",
      description: "It should have been renewed long before. Afterwards the node is not ready.",
      runbook: [
        "`journalctl -u kubelet | grep -i certificate` on the host: why is it not renewed?",
        "`kubectl get csr`: is one waiting to be approved?",
        "`openssl x509 -enddate -noout -in /var/lib/kubelet/pki/kubelet-client-current.pem`; restart the kubelet.",
      ],
    }),
  ],
};
