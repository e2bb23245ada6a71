import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Blueprint } from "../../site/blueprint-types";
import { Workload } from "./workload";

export interface ProductArgs {
  readonly namespaces: Blueprint["namespaces"];
  readonly workloads: Blueprint["workloads"];
}

/** Everything the release brings: its namespaces, and its workloads in them. */
export class Product extends pulumi.ComponentResource {
  static readonly type = "sitewright:workload:Product";

  constructor(name: string, args: ProductArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Product.type, name, {}, opts);

    const namespaces = new Map<string, pulumi.Resource>();
    for (const namespace of args.namespaces) {
      const metadata = { name: namespace.name, labels: { ...namespace.labels } };
      const resource = new k8s.core.v1.Namespace(
        `${name}-${namespace.name}-namespace`,
        { metadata },
        { parent: this },
      );
      namespaces.set(namespace.name, resource);
    }
    for (const workload of args.workloads) {
      const namespace = namespaces.get(workload.namespace);
      const dependsOn = namespace === undefined ? [] : [namespace];
      new Workload(`${name}-${workload.name}`, { workload }, { parent: this, dependsOn });
    }
    this.registerOutputs({});
  }
}
