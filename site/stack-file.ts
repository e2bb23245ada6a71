import { readdirSync } from "node:fs";
import { nearest } from "./nearest";
import { valueAt } from "./path";
import { treeProblem } from "./plain-data";
import { type DocumentPlace, type Problem, show, siteProblem, throwProblems } from "./problems";
import { RunError } from "./run-error";
import { readYamlFile } from "./yaml-file";

export const siteKey = "sitewright:site";
export const secretsKey = "sitewright:secrets";
export const policiesKey = "sitewright:policies";

/** Keys of ours that a stack file may have. */
const ownKeys = [siteKey, secretsKey, policiesKey];

/** What a stack file holds of a site. */
export interface StackFile {
  /** The object under `sitewright:site`, not yet checked. */
  readonly data: unknown;
  readonly place: DocumentPlace;
  /** Names under `sitewright:secrets`; their values stay encrypted. */
  readonly secretNames: readonly string[];
  /** The object under `sitewright:policies`, not yet checked; undefined without one. */
  readonly policies: unknown;
  readonly policiesPlace: DocumentPlace;
}

/** Names of the project's sites: one for each stack file. */
export function siteNames(root: string): readonly string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.([a-z0-9-]+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** Refuses a site name without a stack file; the names that have one are listed. */
export function requireSiteName(root: string, name: string): void {
  const names = siteNames(root);
  if (names.includes(name)) return;
  const meant = nearest(name, names);
  const known = names.length === 0 ? "there is none yet" : `there are: ${names.join(", ")}`;
  throw new RunError(`no site ${show(name)}; ${known}`, {
    exitCode: 2,
    nextStep: meant === undefined ? "add a file Pulumi.<site>.yaml" : `use ${meant}`,
  });
}

/** Reads a site's stack file. Throws RunError when it is no stack file or keeps a secret in clear. */
export function readStackFile(root: string, name: string): StackFile {
  requireSiteName(root, name);
  const file = readYamlFile(root, `Pulumi.${name}.yaml`, "name another site");
  const tree = treeProblem("site", file.data);
  if (tree !== undefined) throwProblems([tree], { site: file });

  const config = valueAt(file.data, ["config"]);
  const problems: Problem[] = [];
  if (valueAt(config, [siteKey]) === undefined) {
    problems.push(siteProblem(["config", siteKey], "an object that describes the site", "nothing"));
  }
  for (const key of Object.keys(Object(config))) {
    if (!key.startsWith("sitewright:") || ownKeys.includes(key)) continue;
    const next = `write ${nearest(key, ownKeys) ?? siteKey}`;
    problems.push(siteProblem(["config", key], `one of ${ownKeys.join(", ")}`, show(key), next));
  }
  const secrets = valueAt(config, [secretsKey]);
  problems.push(...secretProblems(secrets, name));
  throwProblems(problems, { site: file });
  const under = (key: string): DocumentPlace => ({
    file: file.file,
    root: key,
    lineOf: (path) => file.lineOf(["config", key, ...path]),
  });
  return {
    data: valueAt(config, [siteKey]),
    place: under(siteKey),
    secretNames: Object.keys(Object(secrets)),
    policies: valueAt(config, [policiesKey]),
    policiesPlace: under(policiesKey),
  };
}

/** Every secret must be encrypted; a message never shows a value. */
function secretProblems(secrets: unknown, site: string): readonly Problem[] {
  if (secrets === undefined) return [];
  const path = ["config", secretsKey];
  if (typeof secrets !== "object" || secrets === null || Array.isArray(secrets)) {
    return [siteProblem(path, "an object of name and encrypted value", "something else")];
  }
  return Object.keys(secrets)
    .filter((key) => typeof valueAt(secrets, [key, "secure"]) !== "string")
    .map((key) => {
      const set = `pulumi config set -s ${site} --path --secret '${secretsKey}.${key}'`;
      return siteProblem(
        [...path, key],
        "an encrypted value",
        "one in clear",
        `replace it with: ${set}`,
      );
    });
}
