import { fileKey } from "../../site/workload/file-keys";
import type {
  ClaimBlueprint,
  InitBlueprint,
  SharedVolumeBlueprint,
  VolumeSource,
} from "../../site/workload/pod-types";
import { copyTarget } from "../../site/workload/pods";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { shipperVolumes } from "../logging/shipper";
import type { KubernetesObject } from "../support/kubernetes-object";
import { filesName } from "./config";
import { metadata } from "./labels";
import { secretsName } from "./secret-object";

/** Volumes of a workload's Pods and the claims for them, as plain data. */

/** Readable by the Pod's own group, and by nobody else. */
const secretMode = 0o440;

/** Volumes of a Pod, apart from those that a StatefulSet claims for it. */
export function podVolumes(workload: WorkloadBlueprint) {
  const { files, secretFiles, volumes, settings, logs } = workload;
  return [
    ...(hasOwnTmp(workload)
      ? []
      : [{ name: "tmp", emptyDir: { sizeLimit: `${settings.tmpMiB}Mi` } }]),
    ...(Object.keys(files).length > 0
      ? [{ name: "files", configMap: { name: filesName(workload) } }]
      : []),
    ...(Object.keys(secretFiles).length > 0
      ? [
          {
            name: "secrets",
            secret: { secretName: secretsName(workload), defaultMode: secretMode },
          },
        ]
      : []),
    ...volumes.map(({ name, source }) => ({ name: volumeName(name), ...sourceOf(source) })),
    ...logs.folders.map(({ name, sizeMiB }) => ({
      name,
      emptyDir: { sizeLimit: `${sizeMiB}Mi` },
    })),
    ...shipperVolumes(workload),
  ];
}

/** What the workload's container mounts, and everything that runs before it with the workload's own volumes. */
export function mounts(workload: WorkloadBlueprint) {
  const { files, secretFiles, claims, volumes, logs } = workload;
  return [
    ...(hasOwnTmp(workload) ? [] : [{ name: "tmp", mountPath: "/tmp" }]),
    ...claims.map(({ name, mountPath }) => ({ name, mountPath })),
    ...volumes.map(({ name, mountPath, readOnly }) => ({
      name: volumeName(name),
      mountPath,
      ...(readOnly && { readOnly }),
    })),
    ...logs.folders.map(({ name, mountPath }) => ({ name, mountPath })),
    // File by file, so that what the image has in the same folder stays. They change with their Pods only.
    ...byPath(files).map(([mountPath]) => ({
      name: "files",
      mountPath,
      subPath: fileKey(mountPath),
      readOnly: true,
    })),
    ...byPath(secretFiles).map(([mountPath, secret]) => ({
      name: "secrets",
      mountPath,
      subPath: secret,
      readOnly: true,
    })),
  ];
}

/** What a container that fills a volume mounts: that volume, where it may write to it. */
export function fillingMounts(volume: NonNullable<InitBlueprint["fills"]>) {
  return [{ name: volumeName(volume), mountPath: copyTarget }];
}

/** Claims of the workload's own, one for each of its volumes that is one. */
export function ownClaims(
  workload: WorkloadBlueprint,
): readonly { readonly noun: string; readonly object: KubernetesObject }[] {
  return workload.volumes.flatMap(({ name, source }) =>
    source.kind !== "claim"
      ? []
      : [
          {
            noun: `${name}-claim`,
            object: {
              apiVersion: "v1",
              kind: "PersistentVolumeClaim",
              metadata: metadata(workload, source.claim),
              spec: claimSpec(source, source.access),
            },
          },
        ],
  );
}

/** The claim for a volume of the release. */
export function sharedClaim(volume: SharedVolumeBlueprint): KubernetesObject {
  const { name, namespace, labels, access } = volume;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace, labels },
    spec: claimSpec(volume, access),
  };
}

/** Claims that a StatefulSet makes for each of its Pods. */
export function claimTemplates({ claims }: WorkloadBlueprint) {
  return claims.map(({ name, ...claim }) => ({
    metadata: { name },
    spec: claimSpec(claim, "ReadWriteOnce"),
  }));
}

function claimSpec({ sizeGiB, storageClass }: ClaimBlueprint, access: string) {
  return {
    accessModes: [access],
    resources: { requests: { storage: `${sizeGiB}Gi` } },
    ...(storageClass !== undefined && { storageClassName: storageClass }),
  };
}

function sourceOf(source: VolumeSource) {
  switch (source.kind) {
    case "claim":
    case "shared":
      return { persistentVolumeClaim: { claimName: source.claim } };
    case "nfs":
      return { nfs: { server: source.server, path: source.path } };
    case "hostPath":
      // One that is made by the way would be root's, and nobody could write to it.
      return { hostPath: { path: source.path, type: "Directory" } };
    case "emptyDir":
      return {
        emptyDir: {
          sizeLimit: `${source.sizeMiB}Mi`,
          ...(source.memory && { medium: "Memory" }),
        },
      };
  }
}

/** Apart from the names that we and the claims of a StatefulSet use. */
function volumeName(name: string): string {
  return `volume-${name}`;
}

function hasOwnTmp({ claims, volumes }: WorkloadBlueprint): boolean {
  return [...claims, ...volumes].some(({ mountPath }) => mountPath === "/tmp");
}

function byPath(files: Readonly<Record<string, string>>) {
  return Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1));
}
