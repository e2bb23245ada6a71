import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import {
  apiPart,
  baselinePart,
  clusterPart,
  type StepSource,
  stepCommandArgs,
  stepRequest,
} from "../support/step-command";
import { REQUEST_VARIABLE, type StepName, type StepRequest } from "../support/step-request";
import { REGISTRY_PASSWORD } from "./kubekey/view";
import { lastKnown } from "./last-kubeconfig";

export interface ClusterArgs extends StepSource {
  /** Password of the registry's `admin`. */
  readonly registryPassword: pulumi.Input<string>;
}

/** The Kubernetes cluster of a site: made, grown, shrunk and upgraded by KubeKey on the installer host. */
export class Cluster extends pulumi.ComponentResource {
  static readonly type = "sitewright:cluster:Cluster";
  /** Kubeconfig for the operator's machine, checked against the API server; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Where the operator reaches the API server; known already in preview. */
  readonly endpoint: string;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Cluster.type, name, {}, opts);
    const { registry, cluster } = args.blueprint;
    const nodes = args.blueprint.hosts.filter((host) => host.node).map((host) => host.name);
    const whole = wholeRequest(args);
    const extraSecrets = { [REGISTRY_PASSWORD]: args.registryPassword };
    const step = (
      noun: string,
      step: {
        readonly step: StepName;
        readonly request: StepRequest;
        readonly deleteStep?: StepName;
      },
      secrets: typeof extraSecrets | undefined,
      opts: pulumi.CustomResourceOptions,
    ) =>
      new local.Command(
        `${name}-${noun}`,
        stepCommandArgs(args, { ...step, ...(secrets && { extraSecrets: secrets }) }),
        { parent: this, ...opts },
      );

    const config = step("config", { step: "configure", request: whole }, extraSecrets, {});
    const trust = step(
      "trust",
      { step: "trust-registry", request: stepRequest(args, nodes, { registry }) },
      undefined,
      {},
    );
    const made = step(
      "nodes",
      { step: "cluster", request: whole, deleteStep: "delete-cluster" },
      extraSecrets,
      { dependsOn: [config, trust] },
    );
    const renewal = renewalPart(args);
    const renewed = renewal
      ? step(
          "certificates",
          { step: "renew-certificates", request: stepRequest(args, [], renewal) },
          undefined,
          { dependsOn: made },
        )
      : made;
    const fetched = step(
      "kubeconfig",
      { step: "kubeconfig", request: { ...kubeconfigRequest(args), ...renewal } },
      undefined,
      { dependsOn: renewed, additionalSecretOutputs: ["stdout"] },
    );

    this.kubeconfig = pulumi.secret(reachable(args, lastKnown(fetched.stdout), this));
    this.endpoint = `https://${cluster.endpoint.address}:${cluster.endpoint.port}`;
    this.registerOutputs({ kubeconfig: this.kubeconfig, endpoint: this.endpoint });
  }
}

/**
 * The kubeconfig, once the way that it names is open. Behind a jump host that is a tunnel from this machine, which
 * every run of the program needs, also one in which no step runs; so it is asked for by a call, not a resource.
 */
function reachable(
  args: ClusterArgs,
  kubeconfig: pulumi.Output<string>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (!args.blueprint.bastion) return kubeconfig;
  const request = stepRequest(args, []);
  const { stdin } = stepCommandArgs(args, { step: "tunnel", request });
  const open = local.runOutput(
    {
      command: "./sitewright step tunnel",
      // Not before there is a kubeconfig: a site that is not up yet needs no tunnel.
      environment: { [REQUEST_VARIABLE]: kubeconfig.apply(() => JSON.stringify(request)) },
      ...(stdin !== undefined && { stdin }),
      logging: local.Logging.None,
      addPreviousOutputInEnv: false,
    },
    { parent },
  );
  return pulumi.all([kubeconfig, open.stdout]).apply(([text]) => text);
}

/** The wanted renewal, if any. A renewed kubeconfig is fetched again for the same reason. */
function renewalPart({ blueprint }: ClusterArgs): Pick<StepRequest, "certificatesRenewed"> | false {
  const { certificatesRenewed } = blueprint.cluster;
  return certificatesRenewed !== undefined && { certificatesRenewed };
}

/** Everything that KubeKey's config says; a host that comes or goes changes this and shows in the preview. */
function wholeRequest(args: ClusterArgs): StepRequest {
  const { blueprint } = args;
  return stepRequest(
    args,
    blueprint.hosts.map((host) => host.name),
    {
      registry: blueprint.registry,
      baseline: baselinePart(blueprint),
      cluster: clusterPart(blueprint.cluster),
    },
  );
}

/** The kubeconfig comes from the first control-plane host and changes with it, not with workers or versions. */
function kubeconfigRequest(args: ClusterArgs): StepRequest {
  const api = apiPart(args.blueprint);
  return stepRequest(args, [api.from], { api });
}
