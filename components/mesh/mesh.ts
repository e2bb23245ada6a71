import * as pulumi from "@pulumi/pulumi";
import type { MeshBlueprint } from "../../site/platform/mesh-types";

export interface MeshArgs {
  readonly mesh: MeshBlueprint;
}

export class Mesh extends pulumi.ComponentResource {
  static readonly type = "sitewright:mesh:Mesh";

  constructor(name: string, _args: MeshArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Mesh.type, name, {}, opts);
    this.registerOutputs({});
  }
}
