import * as pulumi from "@pulumi/pulumi";
import type { HostBlueprint } from "../../site/blueprint-types";
import { edgeForwards } from "../../site/platform/edge";
import type { EdgeBlueprint, EdgeForward } from "../../site/platform/edge-types";
import type { Access } from "../support/connection";
import { haproxyConfig } from "./haproxy-config";
import { shareAddresses } from "./shared-addresses";

export interface EdgeArgs extends Access {
  readonly hosts: readonly HostBlueprint[];
  readonly edge: EdgeBlueprint;
}

/** The way into the cluster: keepalived and haproxy on the edge hosts, or what the customer's balancer must do. */
export class Edge extends pulumi.ComponentResource {
  static readonly type = "sitewright:edge:Edge";
  /** What is forwarded where, by the edge hosts or, with mode `external`, by the customer's balancer. */
  readonly forwards: readonly EdgeForward[];

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Edge.type, name, {}, opts);
    const { edge } = args;
    const { own } = edge;
    if (own !== undefined) {
      const haproxyOf = (host: HostBlueprint) => haproxyConfig(edge, own.proxy, host.address);
      shareAddresses(name, { ...args, keepalived: own.keepalived, haproxyOf }, this);
    }
    this.forwards = edgeForwards(edge);
    this.registerOutputs({ mode: edge.mode, forwards: this.forwards });
  }
}
