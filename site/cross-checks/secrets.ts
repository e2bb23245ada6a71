import type { CheckInput, CrossCheck } from "../check-input";
import { nearest, writeNearest } from "../nearest";
import { ownValue, type Path } from "../path";
import { type Problem, problem, show } from "../problems";
import type { Release } from "../schema/release";
import { releaseSecrets } from "../workload/secrets";
import { unknownNames } from "./unknown-names";

/** Rules over the secrets of a release and of the site's stack. */

/** Workloads read secrets that the release has. */
const knownSecrets: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    Object.entries(release?.workloads ?? {}).flatMap(([name, { secretEnv, secretFiles }]) =>
      [
        { key: "secretEnv", read: secretEnv },
        { key: "secretFiles", read: secretFiles },
      ].flatMap(({ key, read }) =>
        Object.entries(read).flatMap(([place, secret]) =>
          unknown(release, secret, ["workloads", name, key, place]),
        ),
      ),
    ),
};

function unknown(release: Release | undefined, secret: string, path: Path): readonly Problem[] {
  const known = Object.keys(release?.secrets ?? {});
  if (known.includes(secret)) return [];
  const next = writeNearest(secret, known, `add secrets.${secret}`);
  const needed = `one of the release's secrets: ${known.join(", ") || "it has none"}`;
  return [problem("release", path, needed, show(secret), next)];
}

/** A variable has one value: what a secret gives would hide the other. */
const variablesOnce: CrossCheck = {
  reads: [["workloads"]],
  find: ({ release, site }) =>
    Object.entries(release?.workloads ?? {}).flatMap(([name, { env, secretEnv }]) => {
      const difference = ownValue(site.workloads, name);
      const needed = "a name that is not also in env";
      const twice = (document: "release" | "site", others: object, key: string) =>
        Object.keys(others)
          .filter((variable) => Object.hasOwn(secretEnv, variable))
          .map((variable) =>
            problem(document, ["workloads", name, key, variable], needed, show(variable)),
          );
      return [
        ...twice("release", env, "secretEnv"),
        ...twice("site", difference?.env ?? {}, "env").map((found) => ({
          ...found,
          needed: "a variable that the release does not fill from a secret",
          next: `remove it; secrets.${secretEnv[String(found.path.at(-1))]} of the site can name another secret`,
        })),
      ];
    }),
};

/** A site says of the release's secrets only where they stand. */
const knownMappings: CrossCheck = {
  reads: [["secrets"], ["release"]],
  find: ({ release, site }) =>
    release === undefined
      ? []
      : unknownNames(
          site.secrets,
          Object.keys(release.secrets),
          ["secrets"],
          `a secret of release ${release.release}`,
        ),
};

/** Every secret that the release takes from the stack is there, where the stack's names are known. */
const givenSecrets: CrossCheck = {
  reads: [["secrets"], ["release"]],
  find: ({ name: site, site: { secrets }, release, secretNames }: CheckInput) => {
    if (secretNames === undefined || release === undefined) return [];
    return releaseSecrets({ secrets }, release).flatMap(({ name, given }) => {
      if (given === undefined || secretNames.includes(given)) return [];
      const set = `pulumi config set -s ${site} --path --secret sitewright:secrets.${given}`;
      const stated = Object.hasOwn(secrets, name);
      const meant = nearest(given, secretNames);
      const next =
        meant === undefined
          ? `set it: ${set}`
          : `${stated ? `write ${meant}` : `state secrets.${name}: ${meant} in the site`}, or set it: ${set}`;
      const needed = `an entry ${given} of sitewright:secrets`;
      const document = stated ? "site" : "release";
      return [problem(document, ["secrets", name], needed, "none", next)];
    });
  },
};

export const secretChecks: readonly CrossCheck[] = [
  knownSecrets,
  variablesOnce,
  knownMappings,
  givenSecrets,
];
