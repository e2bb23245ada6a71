import { z } from "zod";
import { type KubeKeyView, REGISTRY_PASSWORD, secretPlaceholder } from "./view";

/** The Config object of KubeKey v4: everything that differs from its defaults, and the defaults that mislead. */
export function v4Config(view: KubeKeyView): unknown {
  const { cluster, registry, baseline } = view;
  return {
    apiVersion: "kubekey.kubesphere.io/v1",
    kind: "Config",
    metadata: { name: view.site },
    spec: {
      // Nothing may be fetched at a site, whatever the artifact holds.
      download: { fetch: false },
      native: {
        ntp: { enabled: baseline.ntpServers.length > 0, servers: baseline.ntpServers },
        timezone: baseline.timezone,
        set_hostname: true,
        localDNS: ["/etc/hosts"],
      },
      kubernetes: {
        cluster_name: cluster.name,
        kube_version: cluster.kubernetes,
        apiserver: { certSANs: cluster.certificateNames },
        kubelet: {
          max_pods: cluster.maxPods,
          ...(cluster.containerLogs && {
            container_log_max_size: `${cluster.containerLogs.maxSizeMiB}Mi`,
            container_log_max_files: cluster.containerLogs.maxFiles,
          }),
        },
        control_plane_endpoint: v4Endpoint(cluster.endpoint),
        certs: { renew: true },
      },
      cri: { container_manager: "containerd" },
      etcd: { deployment_type: "external" },
      cni: {
        type: cluster.networkPlugin,
        pod_cidr: cluster.podCidr,
        service_cidr: cluster.serviceCidr,
        multi_cni: "none",
      },
      image_registry: {
        type: "harbor",
        auth: {
          registry: registry.host,
          username: "admin",
          password: secretPlaceholder(REGISTRY_PASSWORD),
          plain_http: false,
          skip_tls_verify: false,
        },
      },
      storage_class: { local: { enabled: false }, nfs: { enabled: false } },
    },
  };
}

function v4Endpoint(endpoint: KubeKeyView["cluster"]["endpoint"]): unknown {
  const { domain: host, port, address } = endpoint;
  switch (endpoint.mode) {
    case "haproxy":
      return { host, port, type: "haproxy" };
    case "kube-vip":
      return { host, port, type: "kube-vip", kube_vip: { address, mode: "ARP" } };
    default:
      return { host, port, type: "local", local: { address } };
  }
}

const flag = z.strictObject({ enabled: z.boolean() });

/** The part of the Config that Sitewright writes, strictly; kk merges any key silently. */
export const v4ConfigSchema = z.strictObject({
  apiVersion: z.literal("kubekey.kubesphere.io/v1"),
  kind: z.literal("Config"),
  metadata: z.strictObject({ name: z.string().min(1) }),
  spec: z.strictObject({
    download: z.strictObject({ fetch: z.literal(false) }),
    native: z.strictObject({
      ntp: z.strictObject({ enabled: z.boolean(), servers: z.array(z.string().min(1)) }),
      timezone: z.string().min(1),
      set_hostname: z.boolean(),
      localDNS: z.array(z.string()),
    }),
    kubernetes: z.strictObject({
      cluster_name: z.string().min(1),
      kube_version: z.string(),
      apiserver: z.strictObject({ certSANs: z.array(z.string().min(1)) }),
      kubelet: z.strictObject({
        max_pods: z.int().min(10).max(1000),
        container_log_max_size: z
          .string()
          .regex(/^[1-9][0-9]*Mi$/)
          .optional(),
        container_log_max_files: z.int().min(2).max(100).optional(),
      }),
      control_plane_endpoint: z.discriminatedUnion("type", [
        z.strictObject({ host: z.string(), port: z.int(), type: z.literal("haproxy") }),
        z.strictObject({
          host: z.string(),
          port: z.int(),
          type: z.literal("kube-vip"),
          kube_vip: z.strictObject({ address: z.ipv4(), mode: z.enum(["ARP", "BGP"]) }),
        }),
        z.strictObject({
          host: z.string(),
          port: z.int(),
          type: z.literal("local"),
          local: z.strictObject({ address: z.ipv4() }),
        }),
      ]),
      certs: z.strictObject({ renew: z.boolean() }),
    }),
    cri: z.strictObject({ container_manager: z.literal("containerd") }),
    etcd: z.strictObject({ deployment_type: z.literal("external") }),
    cni: z.strictObject({
      type: z.literal("calico"),
      pod_cidr: z.string(),
      service_cidr: z.string(),
      multi_cni: z.literal("none"),
    }),
    image_registry: z.strictObject({
      type: z.literal("harbor"),
      auth: z.strictObject({
        registry: z.string().regex(/^[a-z0-9.-]+$/, "needs a host name without a port"),
        username: z.string().min(1),
        password: z.string().min(1),
        plain_http: z.boolean(),
        skip_tls_verify: z.boolean(),
      }),
    }),
    storage_class: z.strictObject({ local: flag, nfs: flag }),
  }),
});

export type V4Config = z.infer<typeof v4ConfigSchema>;
