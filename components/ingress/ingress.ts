import * as pulumi from "@pulumi/pulumi";
import type { IngressBlueprint } from "../../site/platform/ingress-types";

export interface IngressArgs {
  readonly ingress: IngressBlueprint;
}

export class Ingress extends pulumi.ComponentResource {
  static readonly type = "sitewright:ingress:Ingress";

  constructor(name: string, _args: IngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Ingress.type, name, {}, opts);
    this.registerOutputs({});
  }
}
