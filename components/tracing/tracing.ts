import * as pulumi from "@pulumi/pulumi";
import type { TracingBlueprint } from "../../site/platform/tracing-types";

export interface TracingArgs {
  readonly tracing: TracingBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/** Where traces of requests are kept and looked at. */
export class Tracing extends pulumi.ComponentResource {
  static readonly type = "sitewright:tracing:Tracing";

  constructor(name: string, _args: TracingArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Tracing.type, name, {}, opts);
    this.registerOutputs({});
  }
}
