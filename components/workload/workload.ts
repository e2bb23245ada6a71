import * as pulumi from "@pulumi/pulumi";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { kubernetesObject } from "../support/kubernetes-object";
import { type WorkloadObject, workloadObjects } from "./objects";
import type { SecretValues } from "./secret-values";

export interface WorkloadArgs {
  readonly workload: WorkloadBlueprint;
  /** Values of the release's secrets; absent where it has none. */
  readonly secrets?: SecretValues | undefined;
}

/** One workload of the release with all that belongs to it: environment, Services, disruption budget, routes. */
export class Workload extends pulumi.ComponentResource {
  static readonly type = "sitewright:workload:Workload";

  constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Workload.type, name, {}, opts);
    const made = new Map<string, pulumi.Resource>();
    for (const each of workloadObjects(args.workload)) {
      const { noun, after = [], keep = false } = each;
      const dependsOn = after
        .map((earlier) => made.get(earlier))
        .filter((one) => one !== undefined);
      const opts = { parent: this, dependsOn, ...(keep && { retainOnDelete: true }) };
      made.set(noun, kubernetesObject(`${name}-${noun}`, withValues(each, args.secrets), opts));
    }
    this.registerOutputs({});
  }
}

/** The object as it is deployed, with what depends on the values of secrets. */
function withValues({ object, holds, restartsWith }: WorkloadObject, secrets?: SecretValues) {
  if (secrets === undefined) return object;
  if (holds !== undefined) return secrets.filled(object, holds);
  return restartsWith === undefined ? object : secrets.restarting(object, restartsWith);
}
