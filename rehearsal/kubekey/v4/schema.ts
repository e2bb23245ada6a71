import { z } from "zod";

/**
 * Inventory and Config of kk v4.0.6 as far as the stand-in knows them. The real one takes any key; here a key that
 * none of its roles reads is a fault.
 */
const text = z.string();
const list = z.array(z.string());
const any = z.record(z.string(), z.unknown());

/** `spec` of an Inventory. */
export const inventorySpec = z.strictObject({
  hosts: z.record(
    z.string(),
    z.looseObject({
      connector: z.strictObject({
        type: z.enum(["ssh", "local", "kubernetes", "prometheus"]).optional(),
        host: text.optional(),
        port: z.int().optional(),
        user: text.optional(),
        password: text.optional(),
        private_key: text.optional(),
        private_key_content: text.optional(),
      }),
      internal_ipv4: text.optional(),
      internal_ipv6: text.optional(),
    }),
  ),
  groups: z.record(
    z.string(),
    z.strictObject({ hosts: list.optional(), groups: list.optional(), vars: any.optional() }),
  ),
  vars: any.optional(),
});

const auth = z.strictObject({
  registry: text.optional(),
  username: text.optional(),
  password: text.optional(),
  plain_http: z.boolean().optional(),
  skip_tls_verify: z.boolean().optional(),
  ca_file: text.optional(),
  cert_file: text.optional(),
  key_file: text.optional(),
});

const component = z.strictObject({
  extra_args: z.record(z.string(), z.union([text, z.number(), z.boolean()])).optional(),
});

/** `spec` of a Config. */
export const configSpec = z.strictObject({
  download: any.optional(),
  image_manifests: list.optional(),
  native: z
    .strictObject({
      ntp: z.strictObject({ enabled: z.boolean().optional(), servers: list.optional() }).optional(),
      timezone: text.optional(),
      set_hostname: z.boolean().optional(),
      localDNS: list.optional(),
    })
    .optional(),
  kubernetes: z
    .strictObject({
      cluster_name: text.optional(),
      kube_version: text.optional(),
      apiserver: component.extend({ certSANs: list.optional() }).optional(),
      controller_manager: component.optional(),
      scheduler: component.optional(),
      kubelet: component
        .extend({
          max_pods: z.int().optional(),
          pod_pids_limit: z.int().optional(),
          container_log_max_size: text.optional(),
          container_log_max_files: z.int().optional(),
        })
        .optional(),
      kube_proxy: z
        .strictObject({
          enabled: z.boolean().optional(),
          mode: text.optional(),
          config: any.optional(),
        })
        .optional(),
      control_plane_endpoint: z
        .strictObject({
          host: text.optional(),
          port: z.int().optional(),
          type: z.enum(["local", "kube-vip", "haproxy"]).optional(),
          local: z.strictObject({ address: text.optional() }).optional(),
          kube_vip: z
            .strictObject({ address: text.optional(), mode: z.enum(["ARP", "BGP"]).optional() })
            .optional(),
          haproxy: any.optional(),
        })
        .optional(),
      certs: z.strictObject({ renew: z.boolean().optional() }).optional(),
      custom_labels: z.record(z.string(), z.string()).optional(),
      custom_taints: list.optional(),
    })
    .optional(),
  cri: z
    .strictObject({
      container_manager: text.optional(),
      cgroup_driver: text.optional(),
      registry: any.optional(),
    })
    .optional(),
  etcd: z.strictObject({ deployment_type: z.enum(["external", "internal"]).optional() }).optional(),
  cni: z
    .strictObject({
      type: text.optional(),
      pod_cidr: text.optional(),
      service_cidr: text.optional(),
      ipv4_mask_size: z.int().optional(),
      multi_cni: text.optional(),
    })
    .optional(),
  image_registry: z
    .strictObject({
      type: z.enum(["harbor", "docker-registry", ""]).optional(),
      ha_vip: text.optional(),
      auth: auth.optional(),
    })
    .optional(),
  storage_class: z.strictObject({ local: any.optional(), nfs: any.optional() }).optional(),
  dns: any.optional(),
  audit: any.optional(),
  cluster_require: any.optional(),
});

export type InventorySpec = z.infer<typeof inventorySpec>;
export type ConfigSpec = z.infer<typeof configSpec>;
