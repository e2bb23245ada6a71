import { z } from "zod";

/**
 * The part of KubeKey v3's Cluster that Sitewright writes, strictly: kk ignores what it does not know, so a key
 * that is not here is a mistake of ours that nobody else would notice.
 */
const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "needs a lower-case RFC 1123 name");
const address = z.ipv4("needs an IPv4 address");
const port = z.int().min(1).max(65535);
const domain = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, "needs a lower-case domain name");

const host = z.strictObject({
  name,
  address,
  internalAddress: address,
  port,
  user: z.string().min(1),
  password: z.string().min(1).optional(),
  privateKey: z.string().min(1).optional(),
  arch: z.enum(["amd64", "arm64"]),
  timeout: z.int().min(1),
});

const auth = z.strictObject({
  username: z.string().min(1),
  password: z.string().min(1),
  skipTLSVerify: z.boolean(),
  plainHTTP: z.boolean(),
  certsPath: z.string().startsWith("/"),
});

const spec = z.strictObject({
  hosts: z.array(host).min(1),
  roleGroups: z.strictObject({
    etcd: z.array(name).min(1, "needs at least one etcd member"),
    "control-plane": z.array(name).min(1, "needs at least one control-plane host"),
    worker: z.array(name),
    registry: z.array(name),
  }),
  controlPlaneEndpoint: z.strictObject({
    internalLoadbalancer: z.enum(["haproxy", "kube-vip"]).optional(),
    domain,
    address: z.union([address, z.literal("")]),
    port,
    kubevip: z.strictObject({ mode: z.enum(["ARP", "BGP"]) }).optional(),
  }),
  system: z.strictObject({
    ntpServers: z.array(z.string().min(1)).optional(),
    timezone: z.string().min(1),
  }),
  kubernetes: z.strictObject({
    version: z.string(),
    clusterName: domain,
    containerManager: z.literal("containerd"),
    maxPods: z.int().min(10).max(1000),
    kubeletConfiguration: z
      .strictObject({
        containerLogMaxSize: z.string().regex(/^[1-9][0-9]*Mi$/),
        containerLogMaxFiles: z.int().min(2).max(100),
      })
      .optional(),
    apiserverCertExtraSans: z.array(z.string().min(1)),
    autoRenewCerts: z.boolean(),
    audit: z.strictObject({ enabled: z.boolean() }).optional(),
  }),
  etcd: z.strictObject({
    type: z.literal("kubekey"),
    extraArgs: z
      .array(z.string().regex(/^ETCD_[A-Z_]+=\S+$/, "needs ETCD_<NAME>=<value>"))
      .optional(),
  }),
  network: z.strictObject({
    plugin: z.literal("calico"),
    kubePodsCIDR: z.string(),
    kubeServiceCIDR: z.string(),
    multusCNI: z.strictObject({ enabled: z.boolean() }),
  }),
  registry: z.strictObject({
    type: z.literal("harbor"),
    privateRegistry: domain,
    namespaceOverride: z.literal(""),
    registryMirrors: z.array(z.string()),
    insecureRegistries: z.array(z.string()),
    registryDataDir: z.string().startsWith("/"),
    auths: z.record(z.string(), auth),
  }),
  addons: z.array(z.never()),
});

export const v3ClusterSchema = z.strictObject({
  apiVersion: z.literal("kubekey.kubesphere.io/v1alpha2"),
  kind: z.literal("Cluster"),
  metadata: z.strictObject({ name }),
  spec,
});

export type V3Cluster = z.infer<typeof v3ClusterSchema>;
