import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { LoggingBlueprint } from "../../site/platform/logging-types";
import { randomPassword } from "../support/random-password";
import { stackSecret } from "../support/stack-secret";
import { quotedSecret } from "./output-config";

export interface LoggingSecretsArgs {
  readonly logging: LoggingBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/** Passwords of the site's own store. */
export interface StorePasswords {
  /** Of `elastic`, who may do everything. */
  readonly administrator: pulumi.Output<string>;
  /** Of Kibana itself. */
  readonly pages: pulumi.Output<string>;
  /** Of whoever adds entries. */
  readonly writer: pulumi.Output<string>;
  /** What Kibana hides with what it saves. */
  readonly encryptionKey: pulumi.Output<string>;
}

/**
 * What the output of logs asks for: the stack's values, or random ones for a store of the site's own. Apart from
 * everything that lives in the cluster: a run that is killed there must not lose them.
 */
export class LoggingSecrets extends pulumi.ComponentResource {
  static readonly type = "sitewright:logging:LoggingSecrets";
  /** Values by variable or file, as Pods read them; secrets. */
  readonly values: Readonly<Record<string, pulumi.Output<string>>>;
  /** Changes with the values, and tells nothing of them. */
  readonly mark: pulumi.Output<string>;
  /** Undefined where the customer has the store. */
  readonly store: StorePasswords | undefined;

  constructor(name: string, args: LoggingSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(LoggingSecrets.type, name, {}, opts);
    const { secrets, store } = args.logging;
    const password = (what: string) => randomPassword(`${name}-${what}`, this);
    this.store = store && {
      administrator: password("administrator-password"),
      pages: password("pages-password"),
      writer: password("writer-password"),
      encryptionKey: password("encryption-key"),
    };
    const writer = this.store?.writer;
    this.values = Object.fromEntries(
      secrets.map(({ variable, given, file }) => {
        const value =
          given === undefined
            ? pulumi.output(writer ?? "")
            : pulumi
                .secret(args.secrets)
                .apply((all) =>
                  stackSecret("the output of logs needs the secret", given, all[given]),
                );
        return [
          variable,
          value.apply((text) => (file ? `${text.trim()}\n` : quotedSecret(text.trim()))),
        ];
      }),
    );
    const salt = new random.RandomBytes(`${name}-salt`, { length: 32 }, { parent: this });
    this.mark = pulumi.unsecret(
      pulumi
        .all([pulumi.secret(salt.hex), pulumi.all(this.values)])
        .apply(([key, values]) =>
          createHmac("sha256", key).update(JSON.stringify(values)).digest("hex").slice(0, 16),
        ),
    );
    this.registerOutputs({});
  }
}
