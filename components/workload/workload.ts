import * as pulumi from "@pulumi/pulumi";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { kubernetesObject } from "../support/kubernetes-object";
import { workloadObjects } from "./objects";

export interface WorkloadArgs {
  readonly workload: WorkloadBlueprint;
}

/** One workload of the release with all that belongs to it: environment, Services, disruption budget, routes. */
export class Workload extends pulumi.ComponentResource {
  static readonly type = "sitewright:workload:Workload";

  constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Workload.type, name, {}, opts);
    const made = new Map<string, pulumi.Resource>();
    for (const { noun, object, after = [] } of workloadObjects(args.workload)) {
      const dependsOn = after
        .map((earlier) => made.get(earlier))
        .filter((one) => one !== undefined);
      made.set(noun, kubernetesObject(`${name}-${noun}`, object, { parent: this, dependsOn }));
    }
    this.registerOutputs({});
  }
}
