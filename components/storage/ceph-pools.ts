import type { CephBlueprint } from "../../site/platform/storage-types";
import { antiAffinity, placementOf } from "./ceph-placement";

/** Pools, file system and object store, each with its storage class, as the cluster's chart takes them. */

/** Both words were said: what keeps data from being deleted is off. */
export type Erasure = boolean;

/** Secrets that the drivers' calls take, as Rook makes them. */
function csiSecrets(driver: "rbd" | "cephfs", namespace: string) {
  const secret = (purpose: string, name: string) => ({
    [`csi.storage.k8s.io/${purpose}-secret-name`]: name,
    [`csi.storage.k8s.io/${purpose}-secret-namespace`]: namespace,
  });
  return {
    ...secret("provisioner", `rook-csi-${driver}-provisioner`),
    ...secret("controller-expand", `rook-csi-${driver}-provisioner`),
    ...secret("controller-publish", `rook-csi-${driver}-provisioner`),
    ...secret("node-stage", `rook-csi-${driver}-node`),
  };
}

function volumeClass(ceph: CephBlueprint, name: string, isDefault: boolean) {
  return {
    enabled: true,
    name,
    isDefault,
    reclaimPolicy: ceph.reclaim,
    allowVolumeExpansion: true,
    volumeBindingMode: "Immediate",
  };
}

/** The list replaces the chart's own, and so each entry is whole. */
export function cephBlockPools(ceph: CephBlueprint) {
  const { block, failureDomain, replicas, namespace } = ceph;
  return [
    {
      name: block.pool,
      spec: { failureDomain, replicated: { size: replicas } },
      storageClass: {
        ...volumeClass(ceph, block.class, block.default),
        parameters: {
          imageFormat: "2",
          imageFeatures: "layering",
          ...csiSecrets("rbd", namespace),
          "csi.storage.k8s.io/fstype": "ext4",
        },
      },
    },
  ];
}

export function cephFileSystems(ceph: CephBlueprint, erase: Erasure) {
  const { filesystem, failureDomain, replicas, namespace, resources } = ceph;
  if (filesystem === undefined) return [];
  const replicated = { size: replicas };
  return [
    {
      name: filesystem.name,
      spec: {
        metadataPool: { failureDomain, replicated },
        dataPools: [{ name: "data0", failureDomain, replicated }],
        preserveFilesystemOnDelete: !erase,
        metadataServer: {
          activeCount: 1,
          activeStandby: true,
          resources: resources.mds,
          placement: {
            ...placementOf(ceph.placement),
            podAntiAffinity: antiAffinity("rook-ceph-mds"),
          },
          priorityClassName: "system-cluster-critical",
        },
      },
      storageClass: {
        ...volumeClass(ceph, filesystem.class, filesystem.default),
        pool: "data0",
        parameters: csiSecrets("cephfs", namespace),
      },
    },
  ];
}

export function cephObjectStores(ceph: CephBlueprint, erase: Erasure) {
  const { object, failureDomain, replicas, resources } = ceph;
  if (object === undefined) return [];
  const pool = { failureDomain, replicated: { size: replicas } };
  return [
    {
      name: object.name,
      spec: {
        metadataPool: pool,
        dataPool: pool,
        preservePoolsOnDelete: !erase,
        gateway: {
          port: 80,
          instances: object.gateways,
          resources: resources.rgw,
          placement: {
            ...placementOf(ceph.placement),
            podAntiAffinity: antiAffinity("rook-ceph-rgw"),
          },
          priorityClassName: "system-cluster-critical",
        },
      },
      storageClass: {
        enabled: true,
        name: object.class,
        reclaimPolicy: ceph.reclaim,
        volumeBindingMode: "Immediate",
        parameters: { region: "us-east-1" },
      },
      ingress: { enabled: false },
      route: { enabled: false },
    },
  ];
}
