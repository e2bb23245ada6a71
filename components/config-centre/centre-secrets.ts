import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ConfigCentreBlueprint } from "../../site/platform/config-centre-types";
import { stackSecret } from "../support/stack-secret";

export interface CentreSecretsArgs {
  readonly centre: ConfigCentreBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/**
 * The config centre's token, and what its servers speak to each other with: the site's own, or random ones. Apart from
 * everything that lives in the cluster: a run that is killed there must not lose them.
 */
export class CentreSecrets extends pulumi.ComponentResource {
  static readonly type = "sitewright:config-centre:CentreSecrets";
  /** A secret. */
  readonly token: pulumi.Output<string>;
  /** 32 bytes in base64, a secret; undefined where the customer has the servers. */
  readonly gossipKey: pulumi.Output<string> | undefined;

  constructor(name: string, args: CentreSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(CentreSecrets.type, name, {}, opts);
    const { server, tokenSecret } = args.centre;
    const bytes = (what: string, length: number) =>
      new random.RandomBytes(`${name}-${what}`, { length }, { parent: this });
    this.token =
      tokenSecret === undefined
        ? // Not RandomUuid, whose value is also its id and would stand in the state for everybody to read.
          pulumi.secret(bytes("token", 16).hex.apply(uuid))
        : pulumi
            .secret(args.secrets)
            .apply((all) =>
              stackSecret("the config centre needs the token", tokenSecret, all[tokenSecret]),
            );
    this.gossipKey = server && pulumi.secret(bytes("gossip-key", 32).base64);
    this.registerOutputs({});
  }
}

/** Sixteen random bytes as a UUID of version 4, the only form that Consul takes for tokens. */
export function uuid(hex: string): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
