import type { Loose } from "./cluster";

/** A sound Inventory and Config of kk v4: one control plane, one worker, one registry host. */
export function v4Files(): { inventory: Loose; config: Loose } {
  const host = (address: string) => ({
    connector: { type: "ssh", host: address, port: 22, user: "ops", password: "Password-1" },
    internal_ipv4: address,
  });
  return {
    inventory: {
      apiVersion: "kubekey.kubesphere.io/v1",
      kind: "Inventory",
      metadata: { name: "site" },
      spec: {
        hosts: {
          "control-1": host("192.0.2.11"),
          "worker-1": host("192.0.2.21"),
          "registry-1": host("192.0.2.51"),
        },
        groups: {
          k8s_cluster: { groups: ["kube_control_plane", "kube_worker"] },
          kube_control_plane: { hosts: ["control-1"] },
          kube_worker: { hosts: ["worker-1"] },
          etcd: { hosts: ["control-1"] },
          image_registry: { hosts: ["registry-1"] },
        },
      },
    },
    config: {
      apiVersion: "kubekey.kubesphere.io/v1",
      kind: "Config",
      metadata: { name: "site" },
      spec: {
        download: { fetch: false },
        native: { ntp: { enabled: false }, timezone: "Etc/UTC", set_hostname: true },
        kubernetes: {
          cluster_name: "site",
          kube_version: "v1.34.2",
          control_plane_endpoint: {
            host: "lb.kubesphere.local",
            port: 6443,
            type: "local",
            local: { address: "192.0.2.11" },
          },
        },
        cri: { container_manager: "containerd" },
        etcd: { deployment_type: "external" },
        cni: { type: "calico", pod_cidr: "10.233.64.0/18", service_cidr: "10.233.0.0/18" },
        image_registry: {
          type: "harbor",
          auth: { registry: "dockerhub.kubekey.local", username: "admin", password: "Registry-1" },
        },
      },
    },
  };
}
