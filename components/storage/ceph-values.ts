import {
  cephSidecars,
  csiControllerHelpers,
  csiHelper,
  csiNodeHelpers,
  csiOperatorResources,
  csiPlugin,
  rookOperatorResources,
  toolboxResources,
} from "../../site/platform/storage-ceph-pods";
import type { CephBlueprint } from "../../site/platform/storage-types";
import type { Resources } from "../../site/pod-types";
import { drainBudget } from "../support/drain-budget";
import { neverMore, runtimeSeccomp } from "../support/pod-security";
import { placementOf, tolerationsOf } from "./ceph-placement";
import type { Erasure } from "./ceph-pools";
import { cephBlockPools, cephFileSystems, cephObjectStores } from "./ceph-pools";

/** Values of Rook's three charts. Their images keep the charts' own names: they are rewritten where all are. */

/** ConfigMap in which the operator's chart names the images of the CSI drivers. */
const imageSet = "rook-csi-operator-image-set-configmap";

/** Names of the CSI drivers that a site has; they are also what storage classes name as their provisioner. */
export function csiDrivers({ namespace, filesystem }: CephBlueprint): readonly string[] {
  return [
    `${namespace}.rbd.csi.ceph.com`,
    ...(filesystem ? [`${namespace}.cephfs.csi.ceph.com`] : []),
  ];
}

/** How the chart labels the Pods of the CSI drivers' operator, of which one leads. */
const csiOperatorLabels = { "app.kubernetes.io/name": "ceph-csi" };

/** Budget of the CSI drivers' operator, for which its chart has none. */
export function csiOperatorBudget({ namespace }: CephBlueprint) {
  const metadata = { name: "ceph-csi-controller-manager", namespace };
  return drainBudget(metadata, csiOperatorLabels);
}

/** Values of `rook-ceph`, the operator. */
export function operatorValues(ceph: CephBlueprint) {
  const { nodeLabel } = ceph.placement;
  const where = {
    nodeSelector: { [nodeLabel.key]: nodeLabel.value },
    tolerations: tolerationsOf(ceph.placement),
    priorityClassName: "system-cluster-critical",
  };
  return {
    // They come before every chart, from the bundle.
    crds: { enabled: false },
    resources: rookOperatorResources,
    containerSecurityContext: neverMore,
    ...where,
    monitoring: { enabled: ceph.monitoring },
    "ceph-csi-operator": {
      controllerManager: {
        replicas: 2,
        podSecurityContext: runtimeSeccomp,
        ...where,
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: csiOperatorLabels },
          },
        ],
        manager: {
          // With any prefix the drivers' Pods look for service accounts that nobody makes.
          env: { csiServiceAccountPrefix: "" },
          resources: csiOperatorResources,
        },
      },
    },
  };
}

/**
 * Values of `ceph-csi-drivers`. Replicas, tolerations and the snapshot policy stand at each driver: the chart writes
 * them there in any case, so those of the operator's defaults would never be read.
 */
export function driversValues(ceph: CephBlueprint) {
  const { namespace, filesystem } = ceph;
  const { nodeAffinity, tolerations } = placementOf(ceph.placement);
  const driver = (kind: "rbd" | "cephfs", enabled: boolean) => ({
    enabled,
    name: `${namespace}.${kind}.csi.ceph.com`,
    snapshotPolicy: ceph.snapshots ? "volumeSnapshot" : "none",
    nodePlugin: {
      priorityClassName: "system-node-critical",
      // Volumes are mounted by the driver of the node, and any node may run a Pod with a volume.
      tolerations: [{ operator: "Exists" }],
      resources: containers(csiNodeHelpers),
    },
    controllerPlugin: {
      priorityClassName: "system-cluster-critical",
      replicas: ceph.csiControllers,
      tolerations,
      affinity: { nodeAffinity },
      resources: containers(csiControllerHelpers),
    },
  });
  return {
    operatorConfig: { namespace, driverSpecDefaults: { imageSet: { name: imageSet } } },
    drivers: {
      rbd: driver("rbd", true),
      cephfs: driver("cephfs", filesystem !== undefined),
      nfs: { enabled: false },
      nvmeof: { enabled: false },
    },
  };
}

/** All containers: one that is left out of the map gets no resources at all. */
function containers(helpers: readonly string[]): Readonly<Record<string, Resources>> {
  return {
    ...Object.fromEntries(helpers.map((name) => [name, csiHelper])),
    plugin: csiPlugin,
  };
}

/** Values of `rook-ceph-cluster`. With `erase` everything that keeps data from being deleted is off. */
export function clusterValues(ceph: CephBlueprint, erase: Erasure) {
  const { namespace, block, filesystem, snapshots, monitoring } = ceph;
  const cut = ceph.image.lastIndexOf(":");
  const { nodeAffinity, tolerations } = placementOf(ceph.placement);
  return {
    operatorNamespace: namespace,
    cephImage: { repository: ceph.image.slice(0, cut), tag: ceph.image.slice(cut + 1) },
    toolbox: {
      enabled: true,
      affinity: { nodeAffinity },
      tolerations,
      resources: toolboxResources,
      containerSecurityContext: neverMore,
    },
    monitoring: { enabled: monitoring, createPrometheusRules: monitoring },
    cephClusterSpec: cephClusterSpec(ceph, erase),
    cephBlockPools: cephBlockPools(ceph),
    cephFileSystems: cephFileSystems(ceph, erase),
    cephObjectStores: cephObjectStores(ceph, erase),
    cephBlockPoolsVolumeSnapshotClass: {
      enabled: snapshots,
      name: block.class,
      isDefault: snapshots,
    },
    cephFileSystemVolumeSnapshotClass: {
      enabled: snapshots && filesystem !== undefined,
      name: filesystem?.class ?? "ceph-filesystem",
      isDefault: snapshots,
    },
  };
}

function cephClusterSpec(ceph: CephBlueprint, erase: Erasure) {
  const { mon, mgr, osd } = ceph.resources;
  return {
    mon: { count: ceph.monitors, allowMultiplePerNode: false },
    mgr: { count: ceph.managers, allowMultiplePerNode: false },
    // Without TLS: an ingress or the mesh puts the site's own certificate in front.
    dashboard: { enabled: ceph.dashboard, ssl: false },
    // Everything of the cluster itself: monitors and the job that reads Ceph's version, managers, disks' daemons and
    // the jobs that prepare and wipe disks. File system and object store have placements of their own.
    placement: { all: placementOf(ceph.placement) },
    // The job that prepares disks stays without limits: killed in the middle it leaves a disk half prepared.
    resources: { mon, mgr, osd, ...cephSidecars },
    storage: {
      useAllNodes: false,
      useAllDevices: false,
      nodes: ceph.hosts.map(({ name, devices }) => ({
        name,
        devices: devices.map((device) => ({
          name: device.path,
          ...(deviceConfig(device) && { config: deviceConfig(device) }),
        })),
      })),
    },
    // A further disk's daemon is updated only while every copy of everything is there.
    upgradeOSDRequiresHealthyPGs: true,
    ...(erase && {
      cleanupPolicy: {
        confirmation: "yes-really-destroy-data",
        allowUninstallWithVolumes: true,
      },
    }),
  };
}

function deviceConfig({
  class: deviceClass,
  metadataPath,
}: CephBlueprint["hosts"][number]["devices"][number]) {
  if (deviceClass === undefined && metadataPath === undefined) return undefined;
  return {
    ...(deviceClass !== undefined && { deviceClass }),
    ...(metadataPath !== undefined && { metadataDevice: metadataPath }),
  };
}
