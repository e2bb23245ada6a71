import * as pulumi from "@pulumi/pulumi";
import type { HarborBlueprint } from "../../site/platform/registry-types";
import { RunError } from "../../site/run-error";
import { randomPassword } from "../support/random-password";
import { REPLICATION_SECRET, robotSecretName } from "./harbor-secret-names";

/** The value of one of the stack's secrets, itself a secret. */
export type SecretOf = (name: string) => pulumi.Output<string>;

/**
 * Passwords of Harbor's robots by robot name: the site's own, or random ones that stay the same as long as the state
 * does.
 */
export function robotPasswords(
  name: string,
  harbor: HarborBlueprint,
  secretOf: SecretOf,
  parent: pulumi.Resource,
): Record<string, pulumi.Output<string>> {
  const passwords: Record<string, pulumi.Output<string>> = {};
  for (const robot of Object.keys(harbor.configuration.robots)) {
    const given = harbor.robotSecrets[robot];
    passwords[robot] =
      given === undefined
        ? randomPassword(`${name}-robot-${robot}`, parent)
        : pulumi.secret(secretOf(given).apply((value) => strong(given, value, "a robot's")));
  }
  return passwords;
}

/** Everything secret that the step receives besides the administrator's password. */
export function harborSecrets(
  harbor: HarborBlueprint,
  robots: Readonly<Record<string, pulumi.Output<string>>>,
  secretOf: SecretOf,
): Record<string, pulumi.Output<string>> {
  const named = Object.entries(robots).map(([robot, password]): [string, pulumi.Output<string>] => [
    robotSecretName(robot),
    password,
  ]);
  return {
    ...Object.fromEntries(named),
    ...(harbor.replicationSecret !== undefined && {
      [REPLICATION_SECRET]: secretOf(harbor.replicationSecret),
    }),
  };
}

/**
 * A password that Harbor takes, unchanged. The value is in no message; `whose` is, such as "a robot's".
 * @throws RunError that names the secret: Harbor would refuse it in the middle of a deployment
 */
export function strong(name: string, value: string, whose: string): string {
  const fits = value.length >= 8 && value.length <= 128;
  if (fits && [/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(value))) return value;
  throw new RunError(
    `the secret ${name} cannot be ${whose} password in the registry: Harbor takes 8 to 128 characters with a lower-case letter, a capital and a digit`,
    { nextStep: `set another one under sitewright:secrets.${name}` },
  );
}
