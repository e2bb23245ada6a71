import * as pulumi from "@pulumi/pulumi";
import type { TenancyBlueprint } from "../../site/platform/tenancy-types";

export interface TenancyArgs {
  readonly tenancy: TenancyBlueprint;
}

export class Tenancy extends pulumi.ComponentResource {
  static readonly type = "sitewright:tenancy:Tenancy";

  constructor(name: string, _args: TenancyArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Tenancy.type, name, {}, opts);
    this.registerOutputs({});
  }
}
