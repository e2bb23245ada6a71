/** Newest patch of each Kubernetes minor that kk v3.1.12 knows, and patches that it skips. */
const lastPatch: Readonly<Record<number, readonly [last: number, ...missing: number[]]>> = {
  21: [14],
  22: [17],
  23: [17],
  24: [17],
  25: [16],
  26: [15],
  27: [16],
  28: [15],
  29: [15, 13],
  30: [14],
  31: [12],
  32: [8],
  33: [4],
};

const early = ["v1.19.0", "v1.19.8", "v1.19.9", "v1.19.15", "v1.20.4", "v1.20.6", "v1.20.10"];

/** Every Kubernetes version that kk v3.1.12 has checksums for. */
export const supportedKubernetes: readonly string[] = [
  ...early,
  ...Object.entries(lastPatch).flatMap(([minor, [last, ...missing]]) =>
    Array.from({ length: last + 1 }, (_, patch) => patch)
      .filter((patch) => !missing.includes(patch))
      .map((patch) => `v1.${minor}.${patch}`),
  ),
];

/** What kk v3.1.12 takes for a version that it cannot parse. */
export const defaultKubernetes = "v1.23.17";

/** Component versions compiled into kk v3.1.12: an artifact with others sends it to the Internet. */
export const components = {
  etcd: "v3.5.24",
  containerd: "1.7.13",
  runc: "v1.1.12",
  docker: "24.0.9",
  criDockerd: "0.3.10",
  crictl: "v1.29.0",
  cni: "v1.2.0",
  helm: "v3.18.5",
  calico: "v3.27.4",
  harbor: "v2.10.2",
  dockerCompose: "v2.26.1",
  registry: "2",
} as const;

/** Files that kk looks for in its work directory, by the names it gives them. */
export function binaryPaths(kubernetes: string, arch: string): string[] {
  const kube = ["kubeadm", "kubelet", "kubectl"].map(
    (name) => `kube/${kubernetes}/${arch}/${name}`,
  );
  return [
    ...kube,
    `etcd/${components.etcd}/${arch}/etcd-${components.etcd}-linux-${arch}.tar.gz`,
    `cni/${components.cni}/${arch}/cni-plugins-linux-${arch}-${components.cni}.tgz`,
    `cni/calicoctl/${components.calico}/${arch}/calicoctl`,
    `helm/${components.helm}/${arch}/helm`,
    `containerd/${components.containerd}/${arch}/containerd-${components.containerd}-linux-${arch}.tar.gz`,
    `runc/${components.runc}/${arch}/runc.${arch}`,
    `crictl/${components.crictl}/${arch}/crictl-${components.crictl}-linux-${arch}.tar.gz`,
  ];
}

/** Files that `init registry` needs for the registry's kind. */
export function registryPaths(type: string, arch: string): string[] {
  if (type !== "harbor") {
    return [
      `registry/registry/${components.registry}/${arch}/registry-${components.registry}-linux-${arch}.tar.gz`,
    ];
  }
  return [
    `docker/${components.docker}/${arch}/docker-${components.docker}.tgz`,
    `registry/compose/${components.dockerCompose}/${arch}/docker-compose-linux-x86_64`,
    `registry/harbor/${components.harbor}/${arch}/harbor-offline-installer-${components.harbor}.tgz`,
  ];
}

/** Images that a cluster needs, as `namespace/name:tag` below the registry. */
export function clusterImages(
  kubernetes: string,
  haproxy: boolean,
  nodeLocalDns: boolean,
): string[] {
  const kube = ["apiserver", "controller-manager", "scheduler", "proxy"];
  return [
    ...kube.map((name) => `kubesphere/kube-${name}:${kubernetes}`),
    "kubesphere/pause:3.9",
    "coredns/coredns:1.9.3",
    ...(nodeLocalDns ? ["kubesphere/k8s-dns-node-cache:1.22.20"] : []),
    ...["cni", "kube-controllers", "node", "pod2daemon-flexvol"].map(
      (name) => `calico/${name}:${components.calico}`,
    ),
    ...(haproxy ? ["library/haproxy:2.9.6-alpine"] : []),
  ];
}
