import * as pulumi from "@pulumi/pulumi";
import type { HostBlueprint } from "../../site/blueprint-types";
import type { KeepalivedBlueprint } from "../../site/platform/edge-types";
import type { Access } from "../support/connection";
import { shareAddresses } from "./shared-addresses";

export interface ControlPlaneAddressArgs extends Access {
  readonly hosts: readonly HostBlueprint[];
  readonly keepalived: KeepalivedBlueprint;
}

/**
 * The address that the control-plane hosts share. It comes before the cluster, whose certificates and kubeconfigs name it, and
 * stands on the first control-plane host while no API server runs yet.
 */
export class ControlPlaneAddress extends pulumi.ComponentResource {
  static readonly type = "sitewright:edge:ControlPlaneAddress";

  constructor(name: string, args: ControlPlaneAddressArgs, opts?: pulumi.ComponentResourceOptions) {
    super(ControlPlaneAddress.type, name, {}, opts);
    shareAddresses(name, args, this);
    this.registerOutputs({ addresses: args.keepalived.addresses.map(({ address }) => address) });
  }
}
