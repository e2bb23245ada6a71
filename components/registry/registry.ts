import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Blueprint } from "../../site/blueprint-types";
import { REGISTRY_PASSWORD, viewFor } from "../cluster/kubekey/view";
import { secretOf } from "../support/connection";
import { randomPassword } from "../support/random-password";
import {
  baselinePart,
  clusterPart,
  type StepSource,
  stepCommandArgs,
  stepRequest,
  stepSecrets,
} from "../support/step-command";
import type { StepName, StepRequest } from "../support/step-request";
import { HarborSettings } from "./harbor-resource";
import { harborSecrets, robotPasswords, strong } from "./harbor-secrets";

export type RegistryArgs = StepSource;

/** The site's own registry, with the images of the bundle in it: the only place that nodes pull from. */
export class Registry extends pulumi.ComponentResource {
  static readonly type = "sitewright:registry:Registry";
  /** Name that images carry; known already in preview. */
  readonly host: string;
  /** Password of `admin`; a secret. */
  readonly password: pulumi.Output<string>;
  /** Passwords of the robots by the site's names for them; secrets. */
  readonly robotPasswords: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Registry.type, name, {}, opts);
    const { blueprint } = args;
    const { cluster, registry, harbor } = blueprint;
    const password = registryPassword(name, args, this);
    const extraSecrets = { [REGISTRY_PASSWORD]: password };
    const step = (noun: string, step: StepName, request: StepRequest, after?: pulumi.Resource) =>
      new local.Command(
        `${name}-${noun}`,
        stepCommandArgs(args, { step, request, ...(secretSteps.has(step) && { extraSecrets }) }),
        { parent: this, ...(after && { dependsOn: after }) },
      );

    const workdir = step("workdir", "prepare", stepRequest(args, [], { registry }));
    const transfer = step("transfer", "transfer", transferRequest(args), workdir);
    // What a run of kk for the registry reads; a host that joins the cluster later is no part of it.
    const request = registryRequest(args);
    const init = step("init", "init-registry", request, transfer);
    const artifact = cluster.files?.artifact.sha256;
    const named = (secret: string) => secretOf({ ...args, ...blueprint }, secret);
    const robots = robotPasswords(name, harbor, named, this);
    // Before the images, which Harbor takes only into projects that it has.
    const settings = new HarborSettings(
      `${name}-harbor`,
      {
        request: stepRequest(args, [], { registry }),
        configuration: harbor.configuration,
        secrets: pulumi
          .all([
            stepSecrets(args, { request: stepRequest(args, []), extraSecrets }),
            harborSecrets(harbor, robots, named),
          ])
          .apply(([login, own]) => ({ ...login, ...own })),
      },
      { parent: this, dependsOn: init },
    );
    const images = blueprint.images.map((use) => use.siteImage.slice(registry.host.length + 1));
    step(
      "images",
      "push-images",
      { ...request, release: blueprint.release, images, ...(artifact && { artifact }) },
      settings,
    );

    this.host = registry.host;
    this.password = password;
    this.robotPasswords = robots;
    this.registerOutputs({ host: this.host, password: this.password });
  }
}

/** Steps that need the registry's password. */
const secretSteps: ReadonlySet<StepName> = new Set(["init-registry", "push-images"]);

/** The site's own password, or one that is made up once and kept in state. */
function registryPassword(name: string, args: RegistryArgs, parent: pulumi.Resource) {
  const { registry, site, bastion } = args.blueprint;
  if (registry.passwordSecret !== undefined) {
    const given = registry.passwordSecret;
    const value = secretOf({ ...args, site, bastion }, given);
    return pulumi.secret(value.apply((text) => strong(given, text, "the administrator's")));
  }
  // kk quotes passwords only in part, and Harbor refuses one that lacks a lower-case letter, a capital or a digit.
  return randomPassword(`${name}-password`, parent, 24);
}

function transferRequest(args: RegistryArgs): StepRequest {
  const { release, cluster } = args.blueprint;
  return stepRequest(args, [], { release, ...(cluster.files && { files: cluster.files }) });
}

function registryRequest(args: RegistryArgs): StepRequest {
  const { blueprint } = args;
  const view = viewFor("registry", blueprint);
  return stepRequest(
    args,
    view.hosts.map((host) => host.name),
    {
      registry: blueprint.registry,
      baseline: baselinePart(blueprint),
      cluster: clusterPart({ ...blueprint.cluster, ...groupsOf(view) }),
    },
  );
}

function groupsOf(
  view: ReturnType<typeof viewFor>,
): Pick<Blueprint["cluster"], "groups" | "certificateNames"> {
  const { groups, certificateNames } = view.cluster;
  return { groups, certificateNames };
}
