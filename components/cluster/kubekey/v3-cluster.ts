import {
  type KubeKeyHost,
  type KubeKeyView,
  REGISTRY_PASSWORD,
  registryCertsDir,
  secretPlaceholder,
} from "./view";

/** Time that kk waits for a host's SSH: busy hosts in a delivery take longer than its own 30 s. */
const HOST_TIMEOUT_SECONDS = 60;

/** The Cluster object (v1alpha2) of KubeKey v3, secrets as placeholders. */
export function v3Cluster(view: KubeKeyView): unknown {
  const { cluster, registry } = view;
  const { groups } = cluster;
  return {
    apiVersion: "kubekey.kubesphere.io/v1alpha2",
    kind: "Cluster",
    metadata: { name: view.site },
    spec: {
      hosts: view.hosts.map(v3Host),
      roleGroups: {
        etcd: leading(groups.etcd, groups.controlPlane),
        "control-plane": groups.controlPlane,
        worker: leading(groups.worker, groups.controlPlane),
        registry: groups.registry,
      },
      controlPlaneEndpoint: v3Endpoint(cluster.endpoint),
      system: {
        ...(view.baseline.ntpServers.length > 0 && { ntpServers: view.baseline.ntpServers }),
        timezone: view.baseline.timezone,
      },
      kubernetes: {
        version: cluster.kubernetes,
        clusterName: cluster.name,
        containerManager: "containerd",
        maxPods: cluster.maxPods,
        ...(cluster.containerLogs && {
          // Put over kk's own settings key by key; only nodes that are set up anew take it.
          kubeletConfiguration: {
            containerLogMaxSize: `${cluster.containerLogs.maxSizeMiB}Mi`,
            containerLogMaxFiles: cluster.containerLogs.maxFiles,
          },
        }),
        apiserverCertExtraSans: cluster.certificateNames,
        // Also what auditing needs: without it kk panics.
        autoRenewCerts: true,
      },
      etcd: {
        type: "kubekey",
        // Lines of its environment. A port of its own: that of its clients asks for their certificate.
        ...(cluster.etcdMetricsPort !== undefined && {
          extraArgs: [`ETCD_LISTEN_METRICS_URLS=http://0.0.0.0:${cluster.etcdMetricsPort}`],
        }),
      },
      network: {
        plugin: cluster.networkPlugin,
        kubePodsCIDR: cluster.podCidr,
        kubeServiceCIDR: cluster.serviceCidr,
        multusCNI: { enabled: false },
      },
      registry: {
        type: "harbor",
        privateRegistry: registry.host,
        // Images keep their public namespaces; any override here makes every pull miss.
        namespaceOverride: "",
        registryMirrors: [],
        insecureRegistries: [],
        registryDataDir: registry.dataDir,
        auths: {
          [registry.host]: {
            username: "admin",
            password: secretPlaceholder(REGISTRY_PASSWORD),
            skipTLSVerify: false,
            plainHTTP: false,
            certsPath: registryCertsDir(registry.host),
          },
        },
      },
      addons: [],
    },
  };
}

function v3Host(host: KubeKeyHost): unknown {
  const { login } = host;
  return {
    name: host.name,
    address: host.address,
    internalAddress: host.address,
    port: login.port,
    user: login.user,
    ...(login.passwordSecret && { password: secretPlaceholder(login.passwordSecret) }),
    ...(login.privateKeySecret && { privateKey: secretPlaceholder(login.privateKeySecret) }),
    arch: host.arch,
    timeout: HOST_TIMEOUT_SECONDS,
  };
}

function v3Endpoint(endpoint: KubeKeyView["cluster"]["endpoint"]): unknown {
  const { domain, port } = endpoint;
  switch (endpoint.mode) {
    case "haproxy":
      // With an address beside it kk refuses, and exits 0.
      return { internalLoadbalancer: "haproxy", domain, address: "", port };
    case "kube-vip":
      return {
        internalLoadbalancer: "kube-vip",
        domain,
        address: endpoint.address,
        port,
        kubevip: { mode: "ARP" },
      };
    default:
      return { domain, address: endpoint.address, port };
  }
}

/**
 * A group with the first control-plane host in front, when it has that host. kk builds its lists from an
 * unordered map, so "the first master" is the same in every run only when every group agrees.
 */
export function leading(group: readonly string[], controlPlane: readonly string[]): string[] {
  const first = controlPlane[0];
  if (first === undefined || !group.includes(first)) return [...group];
  return [first, ...group.filter((name) => name !== first)];
}
