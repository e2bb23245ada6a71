import type { CheckInput } from "../check-input";
import { nearest } from "../nearest";
import type { Path } from "../path";
import { type Problem, show, siteProblem } from "../problems";

/** Secrets that a part of the site refers to and the stack does not hold; none where nobody knows what it holds. */
export function missingSecrets(
  { name, secretNames }: CheckInput,
  stated: readonly { readonly path: Path; readonly secret: string }[],
): readonly Problem[] {
  if (secretNames === undefined) return [];
  return stated
    .filter(({ secret }) => !secretNames.includes(secret))
    .map(({ path, secret }) => {
      const meant = nearest(secret, secretNames);
      const set = `pulumi config set -s ${name} --path --secret sitewright:secrets.${secret}`;
      const next = meant === undefined ? `set it: ${set}` : `write ${meant}, or set it: ${set}`;
      return siteProblem(path, "an entry of sitewright:secrets", show(secret), next);
    });
}
