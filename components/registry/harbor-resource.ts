import * as pulumi from "@pulumi/pulumi";
import type { HarborConfiguration } from "../../site/platform/registry-types";
import type { StepRequest } from "../support/step-request";

/** What the state holds of a Harbor; `configuration` is as Harbor has it. */
interface HarborState {
  readonly request: StepRequest;
  readonly configuration: HarborConfiguration;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface HarborArgs {
  /** How the step reaches Harbor. */
  readonly request: StepRequest;
  readonly configuration: HarborConfiguration;
  /** By the names of components/registry/harbor-secrets.ts; secret in state as well. */
  readonly secrets: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Asks the step that speaks to Harbor, once for the whole configuration. Pulumi keeps the text of this function and
 * of the provider below in the state and runs it in a process of its own: it names nothing but what Node brings.
 */
async function harborStep(
  operation: "apply" | "read",
  state: HarborState,
  before?: HarborState,
): Promise<HarborState> {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const { request, configuration, secrets } = state;
  const harbor = { operation, configuration, managed: before?.configuration ?? configuration };
  const previous = before && { previousRegistryPassword: before.secrets.registryPassword };
  const child = spawn("./sitewright", ["step", "harbor"], {
    env: { ...process.env, SITEWRIGHT_REQUEST: JSON.stringify({ ...request, harbor }) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let answer = "";
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(JSON.stringify({ ...secrets, ...previous }));
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    const failure = new Error(said.trim() || `./sitewright step harbor ended with ${code}`);
    // Pulumi would print it after a refresh, to people who cannot do anything with it.
    failure.stack = "";
    throw failure;
  }
  if (said.trim() !== "") console.log(said.trim());
  return { request, configuration: JSON.parse(answer) as HarborConfiguration, secrets };
}

const provider: pulumi.dynamic.ResourceProvider<HarborState, HarborState> = {
  create: async (inputs) => ({
    id: inputs.request.site,
    outs: await harborStep("apply", inputs),
  }),
  read: async (id, props) => {
    if (props === undefined)
      throw new Error("a Harbor is not imported: pulumi up finds what it has");
    const read = await harborStep("read", props);
    // Inputs as well: what differs is then told key by key.
    return { id, props: read, inputs: read };
  },
  update: async (_id, olds, news) => ({ outs: await harborStep("apply", news, olds) }),
  // Images must not be lost: whatever Harbor holds stays, as the registry itself does.
  delete: async () => undefined,
};

/**
 * The whole configuration of a site's Harbor as one resource: `pulumi refresh` reads it back, and a difference is
 * told by project, robot and key.
 */
export class HarborSettings extends pulumi.dynamic.Resource {
  constructor(name: string, args: HarborArgs, opts?: pulumi.CustomResourceOptions) {
    const secrets = pulumi.secret(args.secrets);
    super(
      provider,
      name,
      { ...args, secrets },
      pulumi.mergeOptions(opts, { additionalSecretOutputs: ["secrets"] }),
      "registry",
      "Harbor",
    );
  }
}
