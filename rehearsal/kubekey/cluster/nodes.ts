import type { KubeApi, KubeObject } from "./kube-api";
import { kwokAnnotation, kwokPort } from "./kwok";
import { type ClusterPlan, firstControlPlane, type HostPlan } from "./plan";

/** What a host says of itself. */
export interface HostFacts {
  readonly cpus: number;
  readonly memoryKiB: number;
  readonly diskKiB: number;
  readonly architecture: string;
  readonly kernel: string;
  readonly osImage: string;
  readonly machineId: string;
}

/** Shell lines that print a host's facts, one `key=value` a line. */
export const hostFactsScript = `. /etc/os-release
echo "cpus=$(grep -c '^processor' /proc/cpuinfo)"
echo "memoryKiB=$(sed -n 's/^MemTotal: *\\([0-9]*\\).*/\\1/p' /proc/meminfo)"
echo "diskKiB=$(df -kP / | tail -n 1 | tr -s ' ' | cut -d' ' -f2)"
echo "architecture=$(uname -m)"
echo "kernel=$(uname -r)"
echo "osImage=$PRETTY_NAME"
echo "machineId=$(cat /etc/machine-id 2>/dev/null)"
`;

/** Reads what {@link hostFactsScript} printed. */
export function parseHostFacts(text: string): HostFacts {
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(text)?.[1]?.trim() ?? "";
  const architecture = value("architecture") === "aarch64" ? "arm64" : "amd64";
  return {
    cpus: Number(value("cpus")) || 1,
    memoryKiB: Number(value("memoryKiB")) || 1024 * 1024,
    diskKiB: Number(value("diskKiB")) || 1024 * 1024,
    architecture,
    kernel: value("kernel"),
    osImage: value("osImage"),
    machineId: value("machineId") || "0".repeat(32),
  };
}

/** The Node that a kubelet would register, sized as the host is, less what kk reserves. */
export function nodeObject(host: HostPlan, facts: HostFacts, plan: ClusterPlan): KubeObject {
  const controlPlane = plan.groups.controlPlane.includes(host);
  const worker = plan.groups.worker.includes(host);
  const reserved = { cpuMillis: 400, memoryKiB: 500 * 1024 };
  const pods = String(plan.maxPods);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: host.name,
      annotations: { ...kwokAnnotation, "node.alpha.kubernetes.io/ttl": "0" },
      labels: {
        "beta.kubernetes.io/arch": facts.architecture,
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": facts.architecture,
        "kubernetes.io/os": "linux",
        "kubernetes.io/hostname": host.name,
        ...(controlPlane
          ? {
              "node-role.kubernetes.io/control-plane": "",
              "node.kubernetes.io/exclude-from-external-load-balancers": "",
            }
          : {}),
        ...(worker ? { "node-role.kubernetes.io/worker": "" } : {}),
      },
    },
    spec: {
      // kk takes the taint off where a control plane is a worker too.
      taints:
        controlPlane && !worker
          ? [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }]
          : [],
    },
    status: {
      capacity: {
        cpu: String(facts.cpus),
        memory: `${facts.memoryKiB}Ki`,
        "ephemeral-storage": `${facts.diskKiB}Ki`,
        "hugepages-1Gi": "0",
        "hugepages-2Mi": "0",
        pods,
      },
      allocatable: {
        cpu: `${Math.max(100, facts.cpus * 1000 - reserved.cpuMillis)}m`,
        memory: `${Math.max(1024, Math.floor(facts.memoryKiB * 0.95 - reserved.memoryKiB))}Ki`,
        "ephemeral-storage": String(Math.floor(facts.diskKiB * 1024 * 0.9)),
        "hugepages-1Gi": "0",
        "hugepages-2Mi": "0",
        pods,
      },
      addresses: [
        { type: "InternalIP", address: host.internalAddress },
        { type: "Hostname", address: host.name },
        // Where API servers look for the kubelet first: kwok plays all of them on one host.
        { type: "InternalDNS", address: firstControlPlane(plan).internalAddress },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: kwokPort } },
      conditions: ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map((type) => ({
        type,
        status: "False",
        reason: type === "Ready" ? "KubeletNotReady" : "KubeletHasSufficient",
        message:
          type === "Ready" ? "container runtime network not ready: cni plugin not initialized" : "",
        lastHeartbeatTime: new Date().toISOString(),
        lastTransitionTime: new Date().toISOString(),
      })),
      nodeInfo: {
        architecture: facts.architecture,
        operatingSystem: "linux",
        kernelVersion: facts.kernel,
        osImage: facts.osImage,
        machineID: facts.machineId,
        systemUUID: facts.machineId,
        bootID: facts.machineId,
        containerRuntimeVersion: "containerd://1.7.13",
        kubeletVersion: plan.kubernetes,
        kubeProxyVersion: plan.kubernetes,
      },
    },
  };
}

/** A Node as the API gives it back, as far as kk looks. */
export interface NodeSeen {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: { readonly kubeletVersion: string };
  };
}

/** All nodes of the cluster. */
export async function listNodes(api: KubeApi): Promise<readonly NodeSeen[]> {
  const list = await api.get<{ items: readonly NodeSeen[] }>("/api/v1/nodes");
  return list?.items ?? [];
}

/** True when the host is a node already: kk looks for its name or its address. */
export function isJoined(host: HostPlan, seen: readonly NodeSeen[]): boolean {
  return seen.some(
    (node) =>
      node.metadata.name === host.name ||
      node.status?.addresses?.some(
        ({ type, address }) => type === "InternalIP" && address === host.internalAddress,
      ) === true,
  );
}

/** Empties a node as `kubectl drain --ignore-daemonsets --delete-emptydir-data --force` does, then waits. */
export async function drain(api: KubeApi, name: string, waitSeconds: number): Promise<void> {
  await api.patch(`/api/v1/nodes/${name}`, { spec: { unschedulable: true } });
  const end = Date.now() + waitSeconds * 1000;
  // Asked once: what comes to the node later tolerates that, and is not waited for.
  const wanted = await podsToEvict(api, name);
  for (;;) {
    const there = new Set(await podsToEvict(api, name));
    const left = wanted.filter((pod) => there.has(pod));
    if (left.length === 0) return;
    if (Date.now() > end)
      throw new Error(`error when evicting pods on node "${name}": ${left.join(", ")} still there`);
    for (const pod of left) {
      const [namespace = "", podName = ""] = pod.split("/");
      await api
        .post(`/api/v1/namespaces/${namespace}/pods/${podName}/eviction`, {
          apiVersion: "policy/v1",
          kind: "Eviction",
          metadata: { name: podName, namespace },
        })
        // 404: gone meanwhile; 429: a disruption budget says to wait.
        .catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

interface PodSeen {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
}

async function podsToEvict(api: KubeApi, node: string): Promise<string[]> {
  const list = await api.get<{ items: readonly PodSeen[] }>(
    `/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`,
  );
  return (list?.items ?? [])
    .filter(
      (pod) => pod.metadata.ownerReferences?.some((owner) => owner.kind === "DaemonSet") !== true,
    )
    .map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`);
}
