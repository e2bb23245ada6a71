import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { HostBlueprint } from "../../site/blueprint-types";

export interface NodeSettingsArgs {
  /** Hosts of the site; those that are no Kubernetes node are passed over. */
  readonly hosts: readonly HostBlueprint[];
}

/** Labels and taints of the site's nodes: kk sets labels once, this keeps both as the site file says. */
export class NodeSettings extends pulumi.ComponentResource {
  static readonly type = "sitewright:node:NodeSettings";

  constructor(name: string, args: NodeSettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(NodeSettings.type, name, {}, opts);

    for (const host of args.hosts.filter((host) => host.node)) {
      new k8s.core.v1.NodePatch(
        `${name}-${host.name}`,
        {
          metadata: {
            name: host.name,
            labels: host.labels,
            // kk and kubeadm wrote some of these first; the site file has the last word.
            annotations: { "pulumi.com/patchForce": "true" },
          },
          ...(host.taints.length > 0 && { spec: { taints: host.taints.map((t) => ({ ...t })) } }),
        },
        // Giving the fields up is a server-side apply of nothing, which would bring the Node object of a removed
        // host back as an empty one.
        { parent: this, retainOnDelete: true },
      );
    }

    this.registerOutputs({});
  }
}
