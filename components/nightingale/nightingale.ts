import * as pulumi from "@pulumi/pulumi";
import type { NightingaleBlueprint } from "../../site/platform/nightingale-types";

export interface NightingaleArgs {
  readonly nightingale: NightingaleBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/** Nightingale, which shows the same figures and rules and notifies beside Alertmanager. */
export class Nightingale extends pulumi.ComponentResource {
  static readonly type = "sitewright:nightingale:Nightingale";

  constructor(name: string, _args: NightingaleArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Nightingale.type, name, {}, opts);
    this.registerOutputs({});
  }
}
