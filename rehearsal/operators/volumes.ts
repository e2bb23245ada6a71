import type { KubeApi, KubeObject } from "../kubekey/cluster/kube-api";
import { type Found, type Operator, writeStatus } from "./operator";

interface Claim extends KubeObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly resources: { readonly requests: { readonly storage: string } };
  };
  readonly status?: { readonly phase?: string };
}

interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly volumeBindingMode?: string;
  readonly reclaimPolicy?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

interface Workload {
  readonly status?: { readonly availableReplicas?: number };
}

const provisionedBy = "pv.kubernetes.io/provisioned-by";
const selectedNode = "volume.kubernetes.io/selected-node";

/** Programs that make volumes: how their provisioner is called, and the Deployment that must run. */
const programs: readonly { readonly provisioner: string; readonly deployment: string }[] = [
  {
    provisioner: "k8s-sigs.io/nfs-subdir-external-provisioner",
    deployment: "nfs-provisioner/nfs-subdir-external-provisioner",
  },
  {
    provisioner: "rancher.io/local-path",
    deployment: "local-path-storage/local-path-provisioner",
  },
];

/** `namespace/name` of the Deployment that serves a provisioner; undefined when nothing here stands for it. */
export function deploymentFor(provisioner: string): string | undefined {
  const ceph = /^([a-z0-9-]+)\.(rbd|cephfs)\.csi\.ceph\.com$/.exec(provisioner);
  if (ceph !== null) return `${ceph[1]}/${provisioner}-ctrlplugin`;
  return programs.find((each) => each.provisioner === provisioner)?.deployment;
}

/** The volume that a claim gets; its source names nothing that is there, since no kubelet mounts it. */
export function volumeFor(claim: Claim, storageClass: StorageClass, node?: string): KubeObject {
  const { name, namespace, uid } = claim.metadata as KubeObject["metadata"] & { uid?: string };
  const { provisioner, parameters = {}, reclaimPolicy = "Delete" } = storageClass;
  const volume = `pvc-${uid}`;
  const source = provisioner.includes(".csi.ceph.com")
    ? { csi: { driver: provisioner, volumeHandle: volume, volumeAttributes: { ...parameters } } }
    : { hostPath: { path: `/simulated/${volume}`, type: "DirectoryOrCreate" } };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volume, annotations: { [provisionedBy]: provisioner } },
    spec: {
      accessModes: claim.spec.accessModes ?? ["ReadWriteOnce"],
      capacity: { storage: claim.spec.resources.requests.storage },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: storageClass.metadata.name,
      volumeMode: claim.spec.volumeMode ?? "Filesystem",
      ...source,
      ...(node !== undefined && {
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: "kubernetes.io/hostname", operator: "In", values: [node] },
                ],
              },
            ],
          },
        },
      }),
    },
  };
}

async function lookAtClaim({ object }: Found, api: KubeApi): Promise<void> {
  const claim = object as Claim;
  const { storageClassName, volumeName } = claim.spec;
  if (claim.status?.phase !== "Pending" || volumeName !== undefined) return;
  if (storageClassName === undefined || storageClassName === "") return;
  const storageClass = await api.get<StorageClass>(
    `/apis/storage.k8s.io/v1/storageclasses/${storageClassName}`,
  );
  if (storageClass === undefined || !(await serves(storageClass, api))) return;
  const late = storageClass.volumeBindingMode === "WaitForFirstConsumer";
  const node = claim.metadata.annotations?.[selectedNode];
  if (late && node === undefined) return;
  await api.create(volumeFor(claim, storageClass, late ? node : undefined));
}

/** Whether what makes the class's volumes runs, and for Ceph whether there is the pool to make them in. */
async function serves({ provisioner, parameters }: StorageClass, api: KubeApi): Promise<boolean> {
  const [namespace, name] = (deploymentFor(provisioner) ?? "").split("/");
  if (namespace === undefined || name === undefined) return false;
  const pods = await api.get<Workload>(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  if ((pods?.status?.availableReplicas ?? 0) < 1) return false;
  if (!provisioner.endsWith(".csi.ceph.com")) return true;
  const { pool, fsName, clusterID } = parameters ?? {};
  const source = fsName === undefined ? `cephblockpools/${pool}` : `cephfilesystems/${fsName}`;
  const found = await api.get<{ status?: { phase?: string } }>(
    `/apis/ceph.rook.io/v1/namespaces/${clusterID}/${source}`,
  );
  return found?.status?.phase === "Ready";
}

/** A released volume goes, unless it is to be retained. */
async function lookAtVolume({ object, path }: Found, api: KubeApi): Promise<void> {
  const { spec, status } = object as {
    spec?: { persistentVolumeReclaimPolicy?: string };
    status?: { phase?: string };
  };
  const ours = deploymentFor(object.metadata.annotations?.[provisionedBy] ?? "") !== undefined;
  if (!ours || "deletionTimestamp" in object.metadata) return;
  const gone = status?.phase === "Released" && spec?.persistentVolumeReclaimPolicy === "Delete";
  if (gone) await api.remove(path);
}

/** Attached is what no attacher runs to say. */
async function lookAtAttachment(found: Found, api: KubeApi): Promise<void> {
  await writeStatus(api, found, { attached: true });
}

/** Stand for the provisioners and attachers of volumes. */
export const volumes: readonly Operator[] = [
  { name: "provisioners", watches: ["/api/v1/persistentvolumeclaims"], look: lookAtClaim },
  { name: "reclaim", watches: ["/api/v1/persistentvolumes"], look: lookAtVolume },
  {
    name: "attachers",
    watches: ["/apis/storage.k8s.io/v1/volumeattachments"],
    look: lookAtAttachment,
  },
];
