import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { NightingaleBlueprint } from "../../site/platform/nightingale-types";
import { RunError } from "../../site/run-error";
import { randomPassword } from "../support/random-password";

export interface NightingaleSecretsArgs {
  readonly nightingale: Pick<NightingaleBlueprint, "rootPasswordSecret" | "database" | "redis">;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/** Passwords, each a secret. */
export interface NightingalePasswords {
  /** Of the user that Nightingale begins with. */
  readonly root: string;
  /** Of our own user, by which the deployment sets it up. */
  readonly own: string;
  readonly database: string;
  /** Of the administrator of a database of the site's own; nobody uses it. */
  readonly databaseRoot: string;
  /** Empty where the customer's Redis has none. */
  readonly redis: string;
}

/**
 * Nightingale's passwords: the site's own, or random ones. Apart from everything that lives in the cluster: a run that
 * is killed there must not lose them.
 */
export class NightingaleSecrets extends pulumi.ComponentResource {
  static readonly type = "sitewright:nightingale:NightingaleSecrets";
  /** A secret. */
  readonly passwords: pulumi.Output<NightingalePasswords>;
  readonly rootPassword: pulumi.Output<string>;
  /** Changes when a password changes that Pods read at their start alone; tells nothing of it. */
  readonly revision: pulumi.Output<string>;

  constructor(name: string, args: NightingaleSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(NightingaleSecrets.type, name, {}, opts);
    const { rootPasswordSecret, database, redis } = args.nightingale;
    const all = pulumi.secret(args.secrets);
    const made = (what: string) => randomPassword(`${name}-${what}`, this);
    const given = (entry: string) => all.apply((values) => present(entry, values[entry]));
    this.rootPassword = pulumi.secret(
      rootPasswordSecret === undefined ? made("root") : given(rootPasswordSecret),
    );
    const ownDatabase = database.kind === "own";
    const values = pulumi.all([
      this.rootPassword,
      made("user"),
      ownDatabase ? made("database") : given(database.passwordSecret),
      ownDatabase ? made("database-root") : "",
      redisPassword(redis, made, given),
    ]);
    this.passwords = pulumi.secret(
      values.apply(([root, own, databasePassword, databaseRoot, redisPassword]) => ({
        root,
        own,
        database: databasePassword,
        databaseRoot,
        redis: redisPassword,
      })),
    );
    this.revision = new random.RandomBytes(
      `${name}-revision`,
      {
        length: 8,
        keepers: { database: this.passwords.database, redis: this.passwords.redis },
      },
      { parent: this, additionalSecretOutputs: ["keepers"] },
    ).hex;
    this.registerOutputs({});
  }
}

function redisPassword(
  redis: NightingaleBlueprint["redis"],
  made: (what: string) => pulumi.Output<string>,
  given: (entry: string) => pulumi.Output<string>,
): pulumi.Input<string> {
  if (redis.kind === "own") return made("redis");
  return redis.passwordSecret === undefined ? "" : given(redis.passwordSecret);
}

/** @throws RunError that names the secret, never its value */
function present(entry: string, value = ""): string {
  // PostgreSQL's words for a connection end at a space, and it is read with quotes in mind.
  if (/^[^\s'"\\]+$/.test(value)) return value;
  const why = value === "" ? "the stack has no value" : "it has spaces, quotes or backslashes";
  const message = `Nightingale needs the password ${entry}, and ${why}`;
  throw new RunError(message, {
    nextStep: `set another one under sitewright:secrets.${entry}`,
  });
}
