import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Blueprint } from "../../site/blueprint-types";
import type { TenantNamespace } from "../../site/platform/tenancy-types";
import type { DeliveryMode } from "../../site/schema/delivery";
import { redirectMiddleware } from "../ingress/resources";
import { sidecarScope } from "../mesh/members";
import { NamespaceNetwork } from "../network/namespace-network";
import { kubernetesObject } from "../support/kubernetes-object";
import type { LastOutputs } from "../support/last-outputs";
import { NamespaceRules } from "../tenancy/namespace-rules";
import { recordedOwners } from "./owners";
import type { SecretValues } from "./secret-values";
import { sharedClaim } from "./volumes";
import { Workload } from "./workload";

export interface ProductArgs {
  readonly namespaces: Blueprint["namespaces"];
  readonly workloads: Blueprint["workloads"];
  readonly sharedVolumes: Blueprint["sharedVolumes"];
  /** Values of the release's secrets; absent where it has none. */
  readonly secrets?: SecretValues | undefined;
  /** What the stack told of itself last. Default: it is asked. */
  readonly last?: () => Promise<LastOutputs>;
  /** Bounds, roles and policies of the namespaces; empty on a site without tenancy. */
  readonly rules: readonly TenantNamespace[];
}

/** Everything the release brings: its namespaces, and its workloads in them. */
export class Product extends pulumi.ComponentResource {
  static readonly type = "sitewright:workload:Product";
  /** Who makes the workloads of each namespace, once they have been seen to. */
  readonly owners: pulumi.Output<Record<string, DeliveryMode>>;

  constructor(name: string, args: ProductArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Product.type, name, {}, opts);

    const namespaces = new Map<string, readonly pulumi.Resource[]>();
    for (const namespace of args.namespaces) {
      const metadata = { name: namespace.name, labels: { ...namespace.labels } };
      const resource = new k8s.core.v1.Namespace(
        `${name}-${namespace.name}-namespace`,
        { metadata },
        // Without it every claim in it would go, those too that stay when their workloads go.
        { parent: this, retainOnDelete: true },
      );
      const rules = args.rules
        .filter((one) => one.name === namespace.name)
        .map(
          (one) =>
            new NamespaceRules(
              `${name}-${one.name}-rules`,
              { namespace: one },
              { parent: this, dependsOn: resource },
            ),
        );
      // Workloads do not wait for these: they come and go while Pods run.
      const shared = [sidecarScope(namespace), redirectMiddleware(namespace)];
      for (const object of shared.filter((one) => one !== undefined)) {
        new k8s.apiextensions.CustomResource(
          `${name}-${namespace.name}-${object.kind.toLowerCase()}`,
          object,
          { parent: this, dependsOn: resource },
        );
      }
      const claims = args.sharedVolumes
        .filter((volume) => volume.namespace === namespace.name)
        .map((volume) =>
          kubernetesObject(`${name}-${volume.name}-volume`, sharedClaim(volume), {
            parent: this,
            dependsOn: [resource, ...rules],
            // Data goes only when somebody deletes the claim or its namespace by hand.
            retainOnDelete: true,
          }),
        );
      const outside =
        namespace.network === undefined
          ? []
          : [
              new NamespaceNetwork(
                `${name}-${namespace.name}-network`,
                { namespace: namespace.name, network: namespace.network },
                { parent: this, dependsOn: resource },
              ),
            ];
      namespaces.set(namespace.name, [resource, ...rules, ...claims, ...outside]);
    }
    const { secrets } = args;
    const made = new Map<string, Workload>();
    const delivered = new Map(args.namespaces.map(({ name, delivery }) => [name, delivery]));
    for (const workload of args.workloads) {
      const earlier = workload.after.map((other) => made.get(other));
      const dependsOn = [...(namespaces.get(workload.namespace) ?? []), ...earlier];
      const opts = { parent: this, dependsOn: dependsOn.filter((one) => one !== undefined) };
      const one = new Workload(
        `${name}-${workload.name}`,
        { workload, secrets, delivery: delivered.get(workload.namespace) },
        opts,
      );
      made.set(workload.name, one);
    }
    this.owners = recordedOwners(args.namespaces, [...made.values()], args.last);
    this.registerOutputs({ owners: this.owners });
  }
}
