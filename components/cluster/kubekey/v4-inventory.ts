import { z } from "zod";
import { leading } from "./v3-cluster";
import { type KubeKeyHost, type KubeKeyView, secretPlaceholder } from "./view";

/** The Inventory object of KubeKey v4, secrets as placeholders. */
export function v4Inventory(view: KubeKeyView): unknown {
  const { groups } = view.cluster;
  return {
    apiVersion: "kubekey.kubesphere.io/v1",
    kind: "Inventory",
    metadata: { name: view.site },
    spec: {
      hosts: Object.fromEntries(view.hosts.map((host) => [host.name, v4Host(host)])),
      groups: {
        k8s_cluster: { groups: ["kube_control_plane", "kube_worker"] },
        kube_control_plane: { hosts: groups.controlPlane },
        kube_worker: { hosts: leading(groups.worker, groups.controlPlane) },
        etcd: { hosts: leading(groups.etcd, groups.controlPlane) },
        image_registry: { hosts: groups.registry },
      },
    },
  };
}

function v4Host({ address, login }: KubeKeyHost): unknown {
  return {
    connector: {
      // Without it kk treats a host with the installer's own address as local and skips SSH.
      type: "ssh",
      host: address,
      port: login.port,
      user: login.user,
      ...(login.passwordSecret && { password: secretPlaceholder(login.passwordSecret) }),
      ...(login.privateKeySecret && {
        private_key_content: secretPlaceholder(login.privateKeySecret),
      }),
    },
    internal_ipv4: address,
  };
}

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "needs a lower-case RFC 1123 name");
const group = z.strictObject({ hosts: z.array(name) });

/** The part of the Inventory that Sitewright writes, strictly; kk accepts any key and any member. */
export const v4InventorySchema = z.strictObject({
  apiVersion: z.literal("kubekey.kubesphere.io/v1"),
  kind: z.literal("Inventory"),
  metadata: z.strictObject({ name }),
  spec: z.strictObject({
    hosts: z.record(
      name,
      z.strictObject({
        connector: z.strictObject({
          type: z.literal("ssh"),
          host: z.ipv4("needs an IPv4 address"),
          port: z.int().min(1).max(65535),
          user: z.string().min(1),
          password: z.string().min(1).optional(),
          private_key_content: z.string().min(1).optional(),
        }),
        internal_ipv4: z.ipv4("needs an IPv4 address"),
      }),
    ),
    groups: z.strictObject({
      k8s_cluster: z.strictObject({ groups: z.array(z.string()) }),
      kube_control_plane: group,
      kube_worker: group,
      etcd: group,
      image_registry: group,
    }),
  }),
});

export type V4Inventory = z.infer<typeof v4InventorySchema>;
