import * as pulumi from "@pulumi/pulumi";
import type { StorageBlueprint } from "../../site/platform/storage-types";
import type { StepSource } from "../support/step-command";
import { Ceph } from "./ceph";
import { LocalVolumes } from "./local";
import { NfsVolumes } from "./nfs";
import { SnapshotController } from "./snapshot-controller";

export interface StorageArgs extends StepSource {
  readonly storage: StorageBlueprint;
  /** Both words that allow all data to be erased were said. */
  readonly erase: boolean;
}

/** Where Pods keep data: Ceph on the site's storage hosts, the customer's NFS server, or folders of a worker. */
export class Storage extends pulumi.ComponentResource {
  static readonly type = "sitewright:storage:Storage";

  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Storage.type, name, {}, opts);
    const { ceph, nfs, local, snapshotController } = args.storage;
    if (ceph) new Ceph(`${name}-ceph`, { ...args, ceph }, { parent: this });
    if (nfs) new NfsVolumes(`${name}-nfs`, { ...args, nfs }, { parent: this });
    if (local) new LocalVolumes(`${name}-local`, { local }, { parent: this });
    if (snapshotController) {
      new SnapshotController(`${name}-snapshots`, { snapshotController }, { parent: this });
    }
    this.registerOutputs({});
  }
}
