import { ownValue } from "../path";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { SecretBlueprint } from "./pod-types";

/** Where the values of the release's secrets come from at a site, in the order of their names. */
export function releaseSecrets(
  site: Pick<Site, "secrets">,
  release: Pick<Release, "secrets">,
): readonly SecretBlueprint[] {
  return Object.entries(release.secrets)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { random }]) => {
      const stated = ownValue(site.secrets, name);
      // A site that has the password already states so, whatever the release makes elsewhere.
      if (stated !== undefined) return { name, given: stated };
      return random === undefined ? { name, given: name } : { name, length: random.length };
    });
}

/** Entries of the stack's secrets that the release takes. */
export function givenSecretNames(
  site: Pick<Site, "secrets">,
  release: Pick<Release, "secrets">,
): readonly string[] {
  const names = releaseSecrets(site, release).flatMap(({ given }) => given ?? []);
  return [...new Set(names)];
}
