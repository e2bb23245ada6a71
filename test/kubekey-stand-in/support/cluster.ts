/** An object that tests may bend out of shape. */
// biome-ignore lint/suspicious/noExplicitAny: tests break the shape on purpose.
export type Loose = any;

/** A sound Cluster of kk v3: one control plane, one worker, one registry host. */
export function v3Cluster(): Loose {
  const host = (name: string, address: string) => ({
    name,
    address,
    internalAddress: address,
    user: "ops",
    password: "Password-1",
  });
  return {
    apiVersion: "kubekey.kubesphere.io/v1alpha2",
    kind: "Cluster",
    metadata: { name: "site" },
    spec: {
      hosts: [
        host("control-1", "192.0.2.11"),
        host("worker-1", "192.0.2.21"),
        host("registry-1", "192.0.2.51"),
      ],
      roleGroups: {
        etcd: ["control-1"],
        "control-plane": ["control-1"],
        worker: ["worker-1"],
        registry: ["registry-1"],
      },
      kubernetes: { version: "v1.33.4", containerManager: "containerd", autoRenewCerts: true },
      network: {
        plugin: "calico",
        kubePodsCIDR: "10.233.64.0/18",
        kubeServiceCIDR: "10.233.0.0/18",
      },
      registry: { type: "harbor", privateRegistry: "dockerhub.kubekey.local", auths: {} },
    },
  };
}
