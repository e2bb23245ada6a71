import type { CrossCheck } from "../check-input";
import { consulReplicas } from "../platform/config-centre";
import { centreVariables } from "../platform/config-centre-place";
import { workers } from "../platform/replicas";
import { problem, show, siteProblem } from "../problems";
import type { Release } from "../schema/release";
import { missingSecrets } from "./stack-secrets";
import { volumeClassProblems } from "./volume-class";

/** Rules over the site's config centre and what workloads keep there. */

const path = ["configCentre"];

/** Our own Consul: its licence, a host for each server, and somewhere to keep data. */
const ownConsul: CrossCheck = {
  reads: [path, ["hosts"], ["storage"]],
  find: ({ site }) => {
    const { configCentre, hosts } = site;
    if (configCentre?.kind !== "consul") return [];
    const own = consulReplicas(site, configCentre);
    const hostsThere = workers(hosts).length;
    return [
      ...(configCentre.acceptLicence
        ? []
        : [
            siteProblem(
              [...path, "acceptLicence"],
              "true: Consul's licence, BUSL-1.1, allows running it and forbids offering it to others as a service that competes with its producer's",
              "false",
              "read it, and set this to true where the use at this site is allowed; or use a Consul of the customer's with kind: external",
            ),
          ]),
      ...(own > hostsThere
        ? [
            siteProblem(
              [...path, "replicas"],
              `a worker for each server, here at most ${hostsThere}`,
              String(own),
              "set it to 1, or add workers",
            ),
          ]
        : []),
      ...volumeClassProblems(site, path, configCentre.storageClass),
    ];
  },
};

/** The customer's own is reached with a token that the stack holds. */
const tokenPresent: CrossCheck = {
  reads: [path],
  find: (input) => {
    const { configCentre } = input.site;
    if (configCentre?.kind !== "external") return [];
    const { tokenSecret } = configCentre;
    return missingSecrets(input, [{ path: [...path, "tokenSecret"], secret: tokenSecret }]);
  },
};

/** Who keeps entries has somewhere to keep them. */
const centreThere: CrossCheck = {
  reads: [path, ["release"]],
  find: ({ site, release }) =>
    site.configCentre !== undefined
      ? []
      : keepers(release).map(([name]) =>
          problem(
            "release",
            ["workloads", name, "centre"],
            "a config centre at the site",
            "a site without configCentre",
            "state configCentre in the site: {kind: consul, acceptLicence: true}, or {kind: external, address: …, tokenSecret: …} for the customer's own",
          ),
        ),
};

/** What is made for entries takes nobody else's name. */
const ownNames: CrossCheck = {
  reads: [],
  find: ({ release }) => {
    const variables: readonly string[] = centreVariables;
    return [
      ...keepers(release).flatMap(([name, { env, secretEnv }]) => [
        ...[
          { key: "env", stated: env },
          { key: "secretEnv", stated: secretEnv },
        ].flatMap(({ key, stated }) =>
          Object.keys(stated)
            .filter((variable) => variables.includes(variable))
            .map((variable) =>
              problem(
                "release",
                ["workloads", name, key, variable],
                "another name: a workload with centre is given this variable",
                show(variable),
              ),
            ),
        ),
        ...(Object.hasOwn(release?.workloads ?? {}, `${name}-centre`)
          ? [
              problem(
                "release",
                ["workloads", `${name}-centre`],
                `another name: ${name} brings its entries to the config centre by a Job of this one`,
                show(`${name}-centre`),
              ),
            ]
          : []),
      ]),
    ];
  },
};

function keepers(release: Release | undefined) {
  return Object.entries(release?.workloads ?? {}).filter(([, { centre }]) => centre !== undefined);
}

export const configCentreChecks: readonly CrossCheck[] = [
  ownConsul,
  tokenPresent,
  centreThere,
  ownNames,
];
