import { local } from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { NfsBlueprint, StorageBlueprint } from "../../site/platform/storage-types";
import { type StepSource, stepCommandArgs, stepRequest } from "../support/step-command";
import { installProgram, type Program, rule, storageClass } from "./program";
import { hasVolumes } from "./volume-check";

export interface NfsVolumesArgs extends StepSource {
  readonly storage: StorageBlueprint;
  readonly nfs: NfsBlueprint;
}

const provisioner = "k8s-sigs.io/nfs-subdir-external-provisioner";

/** Volumes as folders of the customer's NFS server, and a look whether one comes. */
export class NfsVolumes extends pulumi.ComponentResource {
  static readonly type = "sitewright:storage:NfsVolumes";

  constructor(name: string, args: NfsVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(NfsVolumes.type, name, {}, opts);
    const { nfs, storage } = args;
    const { controlPlane } = args.blueprint.cluster.groups;
    const pods = installProgram(name, nfsProgram(nfs), { parent: this });
    const volumes = new k8s.storage.v1.StorageClass(
      `${name}-class`,
      storageClass({
        name: nfs.class,
        provisioner,
        default: nfs.default,
        reclaim: nfs.reclaim,
        binding: "Immediate",
        parameters: { archiveOnDelete: String(nfs.archiveOnDelete) },
      }),
      { parent: this, dependsOn: pods },
    );
    new local.Command(
      `${name}-ready`,
      stepCommandArgs(args, {
        step: "storage-ready",
        request: stepRequest(args, controlPlane, {
          storageReady: {
            controlPlane,
            namespace: nfs.namespace,
            classes: hasVolumes(storage.classes),
          },
        }),
      }),
      { parent: this, dependsOn: volumes },
    );
    this.registerOutputs({});
  }
}

/** The provisioner, which mounts the server's folder and makes a folder in it for each volume. */
export function nfsProgram(nfs: NfsBlueprint): Program {
  return {
    name: "nfs-subdir-external-provisioner",
    namespace: nfs.namespace,
    replicas: 1,
    image: nfs.image,
    env: { PROVISIONER_NAME: provisioner, NFS_SERVER: nfs.server, NFS_PATH: nfs.path },
    resources: nfs.resources,
    volumes: [
      {
        name: "server",
        mountPath: "/persistentvolumes",
        source: { nfs: { server: nfs.server, path: nfs.path } },
      },
    ],
    clusterRules: [
      rule("", ["nodes"]),
      rule("", ["persistentvolumes"], "get", "list", "watch", "create", "delete"),
      rule("", ["persistentvolumeclaims"], "get", "list", "watch", "update"),
      rule("storage.k8s.io", ["storageclasses"]),
      rule("", ["events"], "create", "update", "patch"),
    ],
    ownRules: [
      rule("", ["endpoints"], "get", "list", "watch", "create", "update", "patch"),
      rule("coordination.k8s.io", ["leases"], "get", "list", "watch", "create", "update", "patch"),
    ],
    root: true,
  };
}
