import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { DefinitionSet } from "../../site/platform/platform-types";
import { RunError } from "../../site/run-error";
import { apiPart, type StepSource, stepCommandArgs, stepRequest } from "../support/step-command";
import type { DefinitionFile } from "../support/step-request";

export interface DefinitionsArgs extends StepSource {
  readonly definitions: readonly DefinitionSet[];
}

/**
 * Custom resource definitions of the platform, before everything that uses them. Helm neither upgrades nor orders
 * them. They are megabytes that nobody reads in a preview, so a step applies each set by its digest; a set that is no
 * longer wanted stays, since with a definition every object of its kind would go.
 */
export class Definitions extends pulumi.ComponentResource {
  static readonly type = "sitewright:definitions:Definitions";

  constructor(name: string, args: DefinitionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Definitions.type, name, {}, opts);
    const api = apiPart(args.blueprint);
    const definitions = args.definitions.map(({ set, version, file }): [string, DefinitionFile] => [
      set,
      { version, ...(file ?? missing(set)) },
    ]);
    new local.Command(
      `${name}-sets`,
      stepCommandArgs(args, {
        step: "definitions",
        request: stepRequest(args, [api.from], {
          api,
          definitions: Object.fromEntries(definitions),
        }),
      }),
      { parent: this },
    );
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
