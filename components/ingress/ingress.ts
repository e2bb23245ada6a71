import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { IngressBlueprint } from "../../site/platform/ingress-types";
import { installChart } from "../support/chart";
import { defaultCertificate } from "./resources";
import { traefikValues } from "./values";

export interface IngressArgs {
  readonly ingress: IngressBlueprint;
}

/** The ingress that stands by for the mesh's gateway, or, where there is no mesh, serves alone. */
export class Ingress extends pulumi.ComponentResource {
  static readonly type = "sitewright:ingress:Ingress";

  constructor(name: string, args: IngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Ingress.type, name, {}, opts);
    const { charts, standby } = args.ingress;
    const [chart] = charts;
    if (standby !== undefined && chart !== undefined) {
      const traefik = installChart(
        `${name}-${chart.release}`,
        { chart, values: traefikValues(standby) },
        { parent: this },
      );
      const certificate = defaultCertificate(standby);
      if (certificate !== undefined) {
        new k8s.apiextensions.CustomResource(`${name}-default-certificate`, certificate, {
          parent: this,
          dependsOn: traefik,
        });
      }
    }
    this.registerOutputs({});
  }
}
