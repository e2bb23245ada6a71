import type { KubeKeyHost, KubeKeyView } from "../../components/cluster/kubekey/view";

const login = { user: "ops", port: 22, passwordSecret: "sshPassword", sudo: "password" } as const;

export function host(name: string, address: string): KubeKeyHost {
  return { name, address, arch: "amd64", login };
}

/** A sound site: three control planes with etcd, one worker, a registry host that KubeKey runs on. */
export const view: KubeKeyView = {
  site: "site-t",
  hosts: [
    host("cp-1", "192.0.2.11"),
    host("cp-2", "192.0.2.12"),
    host("cp-3", "192.0.2.13"),
    host("worker-1", "192.0.2.21"),
    host("registry-1", "192.0.2.31"),
  ],
  baseline: { ntpServers: ["192.0.2.1"], timezone: "Europe/Berlin" },
  registry: {
    host: "dockerhub.kubekey.local",
    address: "192.0.2.31",
    hostName: "registry-1",
    dataDir: "/mnt/registry",
  },
  cluster: {
    name: "site-t",
    kubernetes: "v1.33.4",
    kubekey: "v3.1.12",
    endpoint: {
      domain: "lb.kubesphere.local",
      port: 6443,
      mode: "haproxy",
      address: "192.0.2.11",
    },
    podCidr: "10.233.64.0/18",
    serviceCidr: "10.233.0.0/18",
    networkPlugin: "calico",
    maxPods: 110,
    groups: {
      controlPlane: ["cp-1", "cp-2", "cp-3"],
      etcd: ["cp-1", "cp-2", "cp-3"],
      worker: ["worker-1"],
      registry: ["registry-1"],
    },
    certificateNames: ["198.51.100.7"],
    workDir: "/var/lib/sitewright/site-t",
    installer: "registry-1",
  },
};

/** The same with changes to its cluster. */
export function withCluster(change: Partial<KubeKeyView["cluster"]>): KubeKeyView {
  return { ...view, cluster: { ...view.cluster, ...change } };
}
