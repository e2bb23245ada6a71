import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformBlueprint } from "../../site/platform/platform-types";
import { RunError } from "../../site/run-error";

export interface DefinitionsArgs {
  readonly definitions: PlatformBlueprint["definitions"];
}

/**
 * Custom resource definitions of the platform, before everything that uses them. Helm neither upgrades nor orders
 * them; here they are applied by the server, and they outlive the stack, since every object of theirs would go too.
 */
export class Definitions extends pulumi.ComponentResource {
  static readonly type = "sitewright:definitions:Definitions";

  constructor(name: string, args: DefinitionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Definitions.type, name, {}, opts);
    for (const { set, path } of args.definitions) {
      new k8s.yaml.v2.ConfigFile(
        `${name}-${set}`,
        { file: path ?? missing(set) },
        {
          parent: this,
          transforms: [({ props, opts }) => ({ props, opts: { ...opts, retainOnDelete: true } })],
        },
      );
    }
    this.registerOutputs({});
  }
}

function missing(set: string): never {
  const what = `the bundle has no definitions of ${set}, which this site needs`;
  throw new RunError(what, {
    exitCode: 5,
    nextStep:
      "build or fetch the bundle of the release; ./sitewright rehearse <site> makes one of its own",
  });
}
