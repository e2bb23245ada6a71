import { isNode, nodeTaints, ownPrefix } from "../nodes";
import type { Resources } from "../pod-types";
import { cpuMillis, memoryMiB } from "../quantities";
import type { SiteHost } from "../schema/site";
import type { PlatformPods } from "./part-types";
import type { CephBlueprint } from "./storage-types";

/** Pods that Ceph brings, for the site's capacity, and the sizes of those that no site sets. */

const small = (cpu: string, memory: string, cpuLimit: string, memoryLimit: string): Resources => ({
  requests: { cpu, memory },
  limits: { cpu: cpuLimit, memory: memoryLimit },
});

/** What stands beside Ceph's daemons, by the names that the CephCluster gives them. */
export const cephSidecars = {
  "mgr-sidecar": small("20m", "40Mi", "500m", "100Mi"),
  logcollector: small("20m", "128Mi", "500m", "1Gi"),
  crashcollector: small("20m", "60Mi", "500m", "60Mi"),
  exporter: small("20m", "50Mi", "500m", "128Mi"),
  cleanup: small("500m", "100Mi", "1", "1Gi"),
  "cmd-reporter": small("500m", "100Mi", "1", "1Gi"),
} as const satisfies Readonly<Record<string, Resources>>;

export const rookOperatorResources = small("200m", "128Mi", "1", "512Mi");
export const csiOperatorResources = small("10m", "64Mi", "500m", "256Mi");
export const toolboxResources = small("100m", "128Mi", "1", "1Gi");

/** One container of a CSI driver's Pods: the driver itself, and its many helpers. */
export const csiPlugin = small("50m", "128Mi", "1", "512Mi");
export const csiHelper = small("10m", "32Mi", "200m", "128Mi");

/** Containers of a driver's Pods besides the driver itself, as the drivers' chart calls them. */
export const csiNodeHelpers = ["registrar", "liveness", "addons", "logRotator"] as const;
export const csiControllerHelpers = [
  "attacher",
  "snapshotter",
  "resizer",
  "provisioner",
  "omapGenerator",
  "liveness",
  "addons",
  "logRotator",
] as const;

/** Helpers that run as the drivers are set up: without metrics of their own, add-ons and mirroring. */
const nodeHelpersRunning = 2;
const controllerHelpersRunning = 5;

/** Every Pod of Rook and Ceph, with `spareNodes` storage hosts lost. */
export function cephPods(
  ceph: CephBlueprint,
  hosts: readonly SiteHost[],
  spareNodes: number,
): readonly PlatformPods[] {
  const { namespace, placement, resources } = ceph;
  const { logcollector, crashcollector, exporter } = cephSidecars;
  const { nodeLabel, tolerates } = placement;
  const drivers = ceph.filesystem ? 2 : 1;
  const members = hosts.filter((host) => host.roles.includes("storage")).length;
  const onStorage = (name: string, replicas: number, ...containers: Resources[]): PlatformPods => ({
    name,
    namespace,
    replicas,
    resources: sum(containers),
    nodeSelector: { [nodeLabel.key]: nodeLabel.value },
    tolerates,
  });
  const daemon = (name: "mon" | "mgr" | "osd" | "mds" | "rgw", replicas: number) =>
    onStorage(`rook-ceph-${name}`, replicas, resources[name], logcollector);
  return [
    onStorage("rook-ceph-operator", 1, rookOperatorResources),
    onStorage("ceph-csi-controller-manager", 2, csiOperatorResources),
    onStorage("rook-ceph-tools", 1, toolboxResources),
    daemon("mon", ceph.monitors),
    daemon("mgr", ceph.managers),
    daemon("osd", remainingOsds(ceph, spareNodes)),
    ...(ceph.filesystem ? [daemon("mds", 2)] : []),
    ...(ceph.object ? [daemon("rgw", ceph.object.gateways)] : []),
    onStorage("rook-ceph-crashcollector", members, crashcollector, exporter),
    onStorage(
      "csi-ctrlplugin",
      ceph.csiControllers * drivers,
      csiPlugin,
      ...Array<Resources>(controllerHelpersRunning).fill(csiHelper),
    ),
    ...(ceph.snapshots ? [onStorage("snapshot-controller", 2, csiHelper)] : []),
    ...nodePlugins(hosts, namespace, drivers, spareNodes),
  ];
}

/** Daemons of disks do not move: those of a lost host are lost with it and need no room elsewhere. */
function remainingOsds({ hosts }: CephBlueprint, lost: number): number {
  return hosts
    .map(({ devices }) => devices.length)
    .toSorted((one, other) => other - one)
    .slice(lost)
    .reduce((total, count) => total + count, 0);
}

/**
 * A Pod of each driver on every node, counted where it is: by the roles that nodes have in common. Those of a lost node
 * are lost with it, as the daemons of its disks are.
 */
function nodePlugins(
  hosts: readonly SiteHost[],
  namespace: string,
  drivers: number,
  lost: number,
): readonly PlatformPods[] {
  const nodes = hosts.filter(isNode);
  const tolerates = [...new Set(nodes.flatMap(nodeTaints).map(({ key }) => key))].sort();
  const groups = new Map<string, readonly SiteHost[]>();
  for (const node of nodes) {
    const roles = [...node.roles].sort().join("+");
    groups.set(roles, [...(groups.get(roles) ?? []), node]);
  }
  return [...groups].map(([roles, members]) => ({
    name: `csi-nodeplugin on ${roles}`,
    namespace,
    replicas: Math.max(0, members.length - lost) * drivers,
    resources: sum([csiPlugin, ...Array<Resources>(nodeHelpersRunning).fill(csiHelper)]),
    nodeSelector: Object.fromEntries(
      roles.split("+").map((role) => [`${ownPrefix}${role}`, "true"]),
    ),
    tolerates,
  }));
}

/** What the containers of one Pod ask for together. */
export function sum(all: readonly Resources[]): Resources {
  const total = (part: "requests" | "limits") => ({
    cpu: `${all.reduce((millis, one) => millis + cpuMillis(one[part].cpu), 0)}m`,
    memory: `${all.reduce((mebi, one) => mebi + memoryMiB(one[part].memory), 0)}Mi`,
  });
  return { requests: total("requests"), limits: total("limits") };
}
