import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadBlueprint } from "../../site/blueprint-types";
import { ingressRoutes, virtualService } from "./resources";

export interface RoutesArgs {
  readonly workload: WorkloadBlueprint;
}

/** How clients outside the cluster reach one workload. */
export class Routes extends pulumi.ComponentResource {
  static readonly type = "sitewright:ingress:Routes";

  constructor(name: string, args: RoutesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Routes.type, name, {}, opts);
    const { workload } = args;
    const resource = (noun: string, object: k8s.apiextensions.CustomResourceArgs) =>
      new k8s.apiextensions.CustomResource(`${name}-${noun}`, object, { parent: this });
    for (const route of workload.routes ?? []) {
      const port = route.name.slice(workload.name.length + 1);
      const onGateway = virtualService(route, workload);
      if (onGateway !== undefined) resource(`${port}-virtual-service`, onGateway);
      for (const onStandby of ingressRoutes(route, workload)) {
        const [entryPoint] = onStandby.spec.entryPoints;
        resource(`${port}-${entryPoint}-ingress-route`, onStandby);
      }
    }
    this.registerOutputs({});
  }
}
