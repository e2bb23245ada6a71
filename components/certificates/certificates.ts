import * as pulumi from "@pulumi/pulumi";
import type { CertificatesBlueprint } from "../../site/platform/certificates-types";

export interface CertificatesArgs {
  readonly certificates: CertificatesBlueprint;
}

export class Certificates extends pulumi.ComponentResource {
  static readonly type = "sitewright:certificates:Certificates";

  constructor(name: string, _args: CertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Certificates.type, name, {}, opts);
    this.registerOutputs({});
  }
}
