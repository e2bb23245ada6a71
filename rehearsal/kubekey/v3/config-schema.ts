import { z } from "zod";

/**
 * The Cluster object of kk v3.1.12. The real one ignores unknown keys and fills in what is missing; here a key that
 * it would ignore is a fault, because whoever wrote it believed that it does something.
 */
const text = z.string();
const list = z.array(z.string());
const raw = z.record(z.string(), z.unknown());

const host = z.strictObject({
  name: text,
  address: text.optional(),
  internalAddress: text.optional(),
  port: z.int().optional(),
  user: text.optional(),
  password: text.optional(),
  privateKey: text.optional(),
  privateKeyPath: text.optional(),
  arch: text.optional(),
  timeout: z.int().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

const script = z.strictObject({
  name: text,
  bash: text,
  role: text.optional(),
  materials: list.optional(),
});

const zone = z.strictObject({
  zones: list,
  nameservers: list,
  cache: z.int().optional(),
  rewrite: z.array(z.strictObject({ fromPattern: text, toTemplate: text })).optional(),
});

const kubernetes = z.strictObject({
  type: text.optional(),
  version: text.optional(),
  clusterName: text.optional(),
  dnsDomain: text.optional(),
  disableKubeProxy: z.boolean().optional(),
  masqueradeAll: z.boolean().optional(),
  maxPods: z.int().optional(),
  podPidsLimit: z.int().optional(),
  nodeCidrMaskSize: z.int().optional(),
  nodeCidrMaskSizeIPv6: z.int().optional(),
  apiserverCertExtraSans: list.optional(),
  proxyMode: z.enum(["ipvs", "iptables"]).optional(),
  autoRenewCerts: z.boolean().optional(),
  nodelocaldns: z.boolean().optional(),
  containerManager: z.enum(["docker", "containerd", "crio", "isula"]).optional(),
  containerRuntimeEndpoint: text.optional(),
  nodeFeatureDiscovery: z.strictObject({ enabled: z.boolean() }).optional(),
  kata: z.strictObject({ enabled: z.boolean() }).optional(),
  nvidiaRuntime: z.boolean().optional(),
  apiserverArgs: list.optional(),
  controllerManagerArgs: list.optional(),
  schedulerArgs: list.optional(),
  kubeletArgs: list.optional(),
  kubeProxyArgs: list.optional(),
  featureGates: z.record(z.string(), z.boolean()).optional(),
  kubeletConfiguration: raw.optional(),
  kubeProxyConfiguration: raw.optional(),
  audit: z.strictObject({ enabled: z.boolean() }).optional(),
});

const etcd = z.strictObject({
  type: z.enum(["kubekey", "kubeadm", "external"]).optional(),
  external: z
    .strictObject({
      endpoints: list,
      caFile: text.optional(),
      certFile: text.optional(),
      keyFile: text.optional(),
    })
    .optional(),
  port: z.int().optional(),
  peerPort: z.int().optional(),
  dataDir: text.optional(),
  extraArgs: list.optional(),
  backupDir: text.optional(),
  backupPeriod: z.int().optional(),
  keepBackupNumber: z.int().optional(),
  backupScript: text.optional(),
  heartbeatInterval: z.int().optional(),
  electionTimeout: z.int().optional(),
  snapshotCount: z.int().optional(),
  autoCompactionRetention: z.int().optional(),
  metrics: text.optional(),
  quotaBackendBytes: z.int().optional(),
  maxRequestBytes: z.int().optional(),
  maxSnapshots: z.int().optional(),
  maxWals: z.int().optional(),
  logLevel: text.optional(),
});

const placement = z.strictObject({
  enabled: z.boolean().optional(),
  replicas: z.int().optional(),
  nodeSelector: z.record(z.string(), z.string()).optional(),
});

const network = z.strictObject({
  plugin: z.enum(["calico", "flannel", "cilium", "kubeovn", "hybridnet", "none"]).optional(),
  kubePodsCIDR: text.optional(),
  kubeServiceCIDR: text.optional(),
  multusCNI: z.strictObject({ enabled: z.boolean() }).optional(),
  calico: z
    .strictObject({
      ipipMode: z.enum(["Always", "CrossSubnet", "Never"]).optional(),
      vxlanMode: z.enum(["Always", "CrossSubnet", "Never"]).optional(),
      vethMTU: z.int().optional(),
      ipAutoDetectionMethod: text.optional(),
      ipv4NatOutgoing: z.boolean().optional(),
      ipv6NatOutgoing: z.boolean().optional(),
      defaultIPPOOL: z.boolean().optional(),
      typha: placement.optional(),
      controller: placement.optional(),
    })
    .optional(),
  flannel: z
    .strictObject({ backendMode: text.optional(), directRouting: z.boolean().optional() })
    .optional(),
  kubeovn: raw.optional(),
  hybridnet: raw.optional(),
});

const auth = z.strictObject({
  username: text.optional(),
  password: text.optional(),
  skipTLSVerify: z.boolean().optional(),
  plainHTTP: z.boolean().optional(),
  certsPath: text.optional(),
  caFile: text.optional(),
  certFile: text.optional(),
  keyFile: text.optional(),
});

const registry = z.strictObject({
  type: text.optional(),
  privateRegistry: text.optional(),
  namespaceOverride: text.optional(),
  namespaceRewrite: z
    .strictObject({ policy: z.enum(["changePrefix"]), src: list, dest: text })
    .optional(),
  registryMirrors: list.optional(),
  insecureRegistries: list.optional(),
  remoteMirrors: z.record(z.string(), z.strictObject({ endpoint: text })).optional(),
  containerdDataDir: text.optional(),
  dockerDataDir: text.optional(),
  registryDataDir: text.optional(),
  bridgeIP: text.optional(),
  auths: z.record(z.string(), auth).optional(),
});

/** `spec` of a Cluster. */
export const clusterSpec = z.strictObject({
  hosts: z.array(host),
  roleGroups: z.record(z.string(), list),
  controlPlaneEndpoint: z
    .strictObject({
      internalLoadbalancer: z.enum(["", "haproxy", "kube-vip"]).optional(),
      domain: text.optional(),
      externalDNS: z.boolean().optional(),
      address: text.optional(),
      port: z.int().optional(),
      kubevip: z.strictObject({ mode: z.enum(["ARP", "BGP"]) }).optional(),
    })
    .optional(),
  system: z
    .strictObject({
      ntpServers: list.optional(),
      timezone: text.optional(),
      rpms: list.optional(),
      debs: list.optional(),
      preInstall: z.array(script).optional(),
      postClusterInstall: z.array(script).optional(),
      postInstall: z.array(script).optional(),
      skipConfigureOS: z.boolean().optional(),
    })
    .optional(),
  kubernetes: kubernetes.optional(),
  etcd: etcd.optional(),
  network: network.optional(),
  dns: z
    .strictObject({
      dnsEtcHosts: text.optional(),
      nodeEtcHosts: text.optional(),
      coredns: z
        .strictObject({
          additionalConfigs: text.optional(),
          externalZones: z.array(zone).optional(),
          rewriteBlock: text.optional(),
          upstreamDNSServers: list.optional(),
        })
        .optional(),
      nodelocaldns: z.strictObject({ externalZones: z.array(zone).optional() }).optional(),
    })
    .optional(),
  storage: z.strictObject({ openebs: z.strictObject({ basePath: text }).optional() }).optional(),
  registry: registry.optional(),
  kubesphere: z
    .strictObject({
      enabled: z.boolean().optional(),
      version: text.optional(),
      configurations: text.optional(),
    })
    .optional(),
  addons: z.array(raw).optional(),
});

/** `spec` of a Cluster as its file says it, nothing filled in. */
export type ClusterSpec = z.infer<typeof clusterSpec>;
