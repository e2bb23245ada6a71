import type { CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import type { Path } from "../path";
import { scopeKey } from "../platform/registry";
import { type Problem, show, siteProblem } from "../problems";
import { missingSecrets } from "./stack-secrets";

/** Most rules that Harbor takes in one retention policy. */
const mostRetentionRules = 15;

/** Robots and the second registry name only projects that the site lists: a mistyped one would be a new project. */
const registryProjects: CrossCheck = {
  reads: [["registry"]],
  find: ({ site }) => {
    const known = Object.keys(site.registry.projects);
    const { robots, replication } = site.registry;
    return [
      ...Object.entries(robots).flatMap(([name, { projects }]) =>
        projectProblems(["registry", "robots", name, "projects"], projects, known),
      ),
      ...projectProblems(
        ["registry", "replication", "projects"],
        replication?.projects ?? [],
        known,
      ),
    ];
  },
};

function projectProblems(
  path: Path,
  names: readonly string[],
  known: readonly string[],
): Problem[] {
  return names.flatMap((name, at) => {
    if (names.indexOf(name) !== at) {
      return [
        siteProblem([...path, at], "another project", show(name), "remove it: it is there twice"),
      ];
    }
    if (known.includes(name)) return [];
    const meant = nearest(name, known);
    const next = `${meant === undefined ? "" : `write ${meant}, or `}list it under registry.projects, as ${name}: {}`;
    return [
      siteProblem([...path, at], "a project listed under registry.projects", show(name), next),
    ];
  });
}

/** A scope has one rule: Harbor refuses the same rule twice, and two numbers for one scope are a mistake. */
const registryRules: CrossCheck = {
  reads: [["registry"]],
  find: ({ site }) =>
    Object.entries(site.registry.projects).flatMap(([name, { retention, immutable }]) => {
      const path = ["registry", "projects", name];
      const rules = retention?.rules ?? [];
      const count = rules.reduce(
        (sum, { pushed, pulled }) =>
          sum + (pushed === undefined ? 0 : 1) + (pulled === undefined ? 0 : 1),
        0,
      );
      return [
        ...repeated([...path, "retention", "rules"], rules),
        ...repeated([...path, "immutable"], immutable),
        ...(count > mostRetentionRules
          ? [
              siteProblem(
                [...path, "retention", "rules"],
                `at most ${mostRetentionRules} numbers to keep, which is all that Harbor takes`,
                String(count),
              ),
            ]
          : []),
      ];
    }),
};

function repeated(
  path: Path,
  scopes: readonly { readonly repositories: string; readonly tags: string }[],
): Problem[] {
  const names = scopes.map(scopeKey);
  return names.flatMap((name, at) =>
    names.indexOf(name) === at
      ? []
      : [
          siteProblem(
            [...path, at],
            "other repositories or tags",
            show(name),
            "join it with the rule before",
          ),
        ],
  );
}

/** Secrets that only the registry's lists name; the others are checked with the logins. */
const registrySecrets: CrossCheck = {
  reads: [["registry"]],
  find: (input) => {
    const { robots, replication } = input.site.registry;
    const named = [
      ...Object.entries(robots).map(([robot, { secret }]) => ({
        path: ["registry", "robots", robot, "secret"],
        secret,
      })),
      { path: ["registry", "replication", "passwordSecret"], secret: replication?.passwordSecret },
    ];
    const stated = named.flatMap(({ path, secret }) =>
      secret === undefined ? [] : [{ path, secret }],
    );
    return missingSecrets(input, stated);
  },
};

/** A login to the second registry is whole, and Harbor copies at most once an hour. */
const registryReplication: CrossCheck = {
  reads: [["registry"]],
  find: ({ site }) => {
    const { replication } = site.registry;
    if (replication === undefined) return [];
    const { user, passwordSecret, url, ca, when } = replication;
    const path = ["registry", "replication"];
    return [
      ...((user === undefined) === (passwordSecret === undefined)
        ? []
        : [
            siteProblem(
              [...path, user === undefined ? "user" : "passwordSecret"],
              "both user and passwordSecret, or neither",
              "nothing",
            ),
          ]),
      ...(ca !== undefined && url.startsWith("http:")
        ? [siteProblem([...path, "ca"], "an https address with a ca", show(url))]
        : []),
      ...(when.startsWith("0 * ")
        ? [
            siteProblem(
              [...path, "when"],
              "a minute: Harbor refuses to copy every minute",
              show(when),
              'write a number for the second field, such as "0 15 * * * *"',
            ),
          ]
        : []),
    ];
  },
};

/** In the order of the registry's keys. */
export const registryChecks: readonly CrossCheck[] = [
  registryRules,
  registryProjects,
  registrySecrets,
  registryReplication,
];
