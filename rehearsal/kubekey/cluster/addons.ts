import { nthAddress } from "./addresses";
import type { KubeObject } from "./kube-api";
import { type ClusterPlan, siteImage } from "./plan";

const namespace = "kube-system";

interface PodShape {
  readonly app: string;
  readonly image: string;
  readonly ports?: readonly number[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly hostNetwork: boolean;
}

/** A Pod of every node goes wherever a node is. */
const everywhere = [{ operator: "Exists" }];

/** Cluster Pods that one node is enough for: a node that is being drained must not get them back. */
const wherePodsMayGo = [
  { key: "CriticalAddonsOnly", operator: "Exists" },
  { key: "node-role.kubernetes.io/master", effect: "NoSchedule" },
  { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
];

function podTemplate(plan: ClusterPlan, shape: PodShape, tolerations: readonly object[]) {
  const image =
    plan.images.find((each) => each.startsWith(`${shape.image}:`)) ?? `${shape.image}:latest`;
  return {
    metadata: { labels: { "k8s-app": shape.app } },
    spec: {
      serviceAccountName: shape.app,
      priorityClassName: "system-cluster-critical",
      hostNetwork: shape.hostNetwork,
      nodeSelector: { "kubernetes.io/os": "linux", ...shape.nodeSelector },
      tolerations,
      containers: [
        {
          name: shape.app,
          image: siteImage(plan, image),
          imagePullPolicy: "IfNotPresent",
          ports: (shape.ports ?? []).map((containerPort) => ({ containerPort, protocol: "TCP" })),
          resources: { requests: { cpu: "50m", memory: "30Mi" } },
        },
      ],
    },
  };
}

function account(name: string): KubeObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
}

function daemonSet(plan: ClusterPlan, shape: PodShape): KubeObject[] {
  const spec = {
    selector: { matchLabels: { "k8s-app": shape.app } },
    template: podTemplate(plan, shape, everywhere),
  };
  const metadata = { name: shape.app, namespace, labels: { "k8s-app": shape.app } };
  return [account(shape.app), { apiVersion: "apps/v1", kind: "DaemonSet", metadata, spec }];
}

function deployment(plan: ClusterPlan, replicas: number, shape: PodShape): KubeObject[] {
  const spec = {
    replicas,
    selector: { matchLabels: { "k8s-app": shape.app } },
    template: podTemplate(plan, shape, wherePodsMayGo),
  };
  const metadata = { name: shape.app, namespace, labels: { "k8s-app": shape.app } };
  return [account(shape.app), { apiVersion: "apps/v1", kind: "Deployment", metadata, spec }];
}

/** Cluster DNS: CoreDNS behind the service address that Pods ask, and its cache on every node. */
export function dnsObjects(plan: ClusterPlan): KubeObject[] {
  const coredns =
    plan.images.find((image) => image.includes("/coredns:"))?.split(":")[0] ?? "coredns/coredns";
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "coredns", namespace },
      data: {
        Corefile: `.:53 {\n    errors\n    health\n    ready\n    kubernetes ${plan.dnsDomain} in-addr.arpa ip6.arpa\n    prometheus :9153\n    forward . /etc/resolv.conf\n    cache 30\n    loop\n    reload\n    loadbalance\n}\n`,
      },
    },
    ...deployment(plan, 2, { app: "coredns", image: coredns, ports: [53], hostNetwork: false }),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "coredns", namespace, labels: { "k8s-app": "coredns" } },
      spec: {
        clusterIP: nthAddress(plan.serviceCidr, 3),
        selector: { "k8s-app": "coredns" },
        ports: [
          { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
          { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
        ],
      },
    },
    ...(plan.nodeLocalDns
      ? daemonSet(plan, {
          app: "nodelocaldns",
          image: "kubesphere/k8s-dns-node-cache",
          hostNetwork: true,
        })
      : []),
    ...(plan.kubeProxy
      ? daemonSet(plan, { app: "kube-proxy", image: "kubesphere/kube-proxy", hostNetwork: true })
      : []),
  ];
}

/** The network plugin's objects; none for `none`. */
export function networkObjects(plan: ClusterPlan): KubeObject[] {
  if (plan.networkPlugin !== "calico") return [];
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "calico-config", namespace },
      data: { calico_backend: "bird", veth_mtu: "0", typha_service_name: "none" },
    },
    ...daemonSet(plan, { app: "calico-node", image: "calico/node", hostNetwork: true }),
    ...deployment(plan, 1, {
      app: "calico-kube-controllers",
      image: "calico/kube-controllers",
      hostNetwork: false,
    }),
  ];
}

/** What kubeadm writes about the cluster into the cluster. */
export function kubeadmObjects(plan: ClusterPlan): KubeObject[] {
  const configuration = `apiVersion: kubeadm.k8s.io/v1beta3
kind: ClusterConfiguration
clusterName: ${plan.clusterName}
kubernetesVersion: ${plan.kubernetes}
controlPlaneEndpoint: ${plan.endpoint.domain}:${plan.endpoint.port}
networking:
  dnsDomain: ${plan.dnsDomain}
  podSubnet: ${plan.podCidr}
  serviceSubnet: ${plan.serviceCidr}
`;
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kubeadm-config", namespace },
      data: { ClusterConfiguration: configuration },
    },
  ];
}

/** kk's own record of the kubeconfig in the cluster. */
export function kubekeyObjects(plan: ClusterPlan, kubeconfig: string): KubeObject[] {
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "kubekey-system" } },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${plan.name}-kubeconfig`, namespace: "kubekey-system" },
      data: { kubeconfig: Buffer.from(kubeconfig).toString("base64") },
    },
  ];
}
