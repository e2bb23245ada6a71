import * as pulumi from "@pulumi/pulumi";
import type { NamespaceBlueprint } from "../../site/blueprint-types";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { kubernetesObject } from "../support/kubernetes-object";
import { isDeployments, type WorkloadObject, workloadObjects } from "./objects";
import type { SecretValues } from "./secret-values";

export interface WorkloadArgs {
  readonly workload: WorkloadBlueprint;
  /** Values of the release's secrets; absent where it has none. */
  readonly secrets?: SecretValues | undefined;
  /** Who makes its objects, where that is not simply the deployment. */
  readonly delivery?: NamespaceBlueprint["delivery"] | undefined;
}

/** One workload of the release with all that belongs to it: environment, Services, disruption budget, routes. */
export class Workload extends pulumi.ComponentResource {
  static readonly type = "sitewright:workload:Workload";
  /** Known once everything of it is there. */
  readonly urns: pulumi.Output<readonly string[]>;

  constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Workload.type, name, {}, opts);
    const made = new Map<string, pulumi.Resource>();
    const { delivery } = args;
    const objects = workloadObjects(args.workload);
    for (const each of delivery === "gitops" ? objects.filter(isDeployments) : objects) {
      const { noun, after = [], keep = false, patienceSeconds } = each;
      const dependsOn = after
        .map((earlier) => made.get(earlier))
        .filter((one) => one !== undefined);
      // What is about to be handed over stays in the cluster when it goes from the stack.
      const kept = keep || delivery === "hand-over";
      const opts = {
        parent: this,
        dependsOn,
        ...(kept && { retainOnDelete: true }),
        ...(patienceSeconds !== undefined && { customTimeouts: timeouts(patienceSeconds) }),
      };
      made.set(noun, kubernetesObject(`${name}-${noun}`, withValues(each, args.secrets), opts));
    }
    this.urns = pulumi.all([...made.values()].map(({ urn }) => urn));
    this.registerOutputs({});
  }
}

function timeouts(seconds: number): pulumi.CustomTimeouts {
  const text = `${seconds}s`;
  return { create: text, update: text, delete: text };
}

/** The object as it is deployed, with what depends on the values of secrets. */
function withValues({ object, holds, restartsWith }: WorkloadObject, secrets?: SecretValues) {
  if (secrets === undefined) return object;
  if (holds !== undefined) return secrets.filled(object, holds);
  return restartsWith === undefined ? object : secrets.restarting(object, restartsWith);
}
