import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ConsulBlueprint } from "../../site/platform/config-centre-types";
import { installChart } from "../support/chart";
import { networkPolicy } from "../tenancy/resources";
import type { CentreSecrets } from "./centre-secrets";
import { bootstrapSecret, consulValues, gossipSecret } from "./values";

export interface ConfigCentreArgs {
  readonly server: ConsulBlueprint;
  readonly secrets: Pick<CentreSecrets, "token" | "gossipKey">;
}

/** Consul's servers, with the secrets that they start with and a policy that keeps others away. */
export class ConfigCentre extends pulumi.ComponentResource {
  static readonly type = "sitewright:config-centre:ConfigCentre";

  constructor(name: string, args: ConfigCentreArgs, opts?: pulumi.ComponentResourceOptions) {
    super(ConfigCentre.type, name, {}, opts);
    const { server, secrets } = args;
    const { namespace } = server;
    const child = { parent: this };
    const secret = (
      what: string,
      { secretName, secretKey }: typeof bootstrapSecret,
      value: pulumi.Input<string> | undefined,
    ) =>
      new k8s.core.v1.Secret(
        `${name}-${what}`,
        {
          metadata: { name: secretName, namespace },
          stringData: { [secretKey]: pulumi.secret(value ?? "") },
        },
        child,
      );
    const before = [
      secret("bootstrap-token", bootstrapSecret, secrets.token),
      secret("gossip-key", gossipSecret, secrets.gossipKey),
      new k8s.networking.v1.NetworkPolicy(
        `${name}-policy`,
        networkPolicy(namespace, server.policy),
        child,
      ),
    ];
    installChart(
      `${name}-consul`,
      { chart: server.chart, values: consulValues(server) },
      { ...child, dependsOn: before },
    );
    this.registerOutputs({});
  }
}
