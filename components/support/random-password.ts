import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/**
 * A password that is made once and kept in the state, with its hash. Letters of both cases and digits: what asks for a
 * mixture is content, and nothing in it means anything to a shell, a URL or a configuration.
 */
export function hashedPassword(name: string, parent: pulumi.Resource, length = 32) {
  return new random.RandomPassword(
    name,
    { length, special: false, minLower: 1, minUpper: 1, minNumeric: 1 },
    { parent },
  );
}

/** The same where nobody asks for its hash; a secret. */
export function randomPassword(
  name: string,
  parent: pulumi.Resource,
  length = 32,
): pulumi.Output<string> {
  return pulumi.secret(hashedPassword(name, parent, length).result);
}
