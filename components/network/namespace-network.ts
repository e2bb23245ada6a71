import * as pulumi from "@pulumi/pulumi";
import type { NamespaceNetwork as NetworkBlueprint } from "../../site/workload/network-types";
import { kubernetesObject } from "../support/kubernetes-object";
import { networkObjects } from "./resources";

export interface NamespaceNetworkArgs {
  readonly namespace: string;
  readonly network: NetworkBlueprint;
}

/** Services outside the cluster that a namespace calls by a name within it, and its ways out. */
export class NamespaceNetwork extends pulumi.ComponentResource {
  static readonly type = "sitewright:network:NamespaceNetwork";

  constructor(name: string, args: NamespaceNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super(NamespaceNetwork.type, name, {}, opts);
    for (const { noun, object } of networkObjects(args.namespace, args.network)) {
      kubernetesObject(`${name}-${noun}`, object, { parent: this });
    }
    this.registerOutputs({});
  }
}
