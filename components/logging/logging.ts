import * as pulumi from "@pulumi/pulumi";
import type { LoggingBlueprint } from "../../site/platform/logging-types";

export interface LoggingArgs {
  readonly logging: LoggingBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/** Where logs of Pods and hosts go, and what brings them there. */
export class Logging extends pulumi.ComponentResource {
  static readonly type = "sitewright:logging:Logging";

  constructor(name: string, _args: LoggingArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Logging.type, name, {}, opts);
    this.registerOutputs({});
  }
}
