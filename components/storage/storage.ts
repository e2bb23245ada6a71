import * as pulumi from "@pulumi/pulumi";
import type { StorageBlueprint } from "../../site/platform/storage-types";

export interface StorageArgs {
  readonly storage: StorageBlueprint;
}

export class Storage extends pulumi.ComponentResource {
  static readonly type = "sitewright:storage:Storage";

  constructor(name: string, _args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Storage.type, name, {}, opts);
    this.registerOutputs({});
  }
}
