import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "./nearest";
import { type Parsed, parseDocument } from "./parse";
import { type DocumentPlace, problem, siteProblem } from "./problems";
import { type Release, releaseSchema } from "./schema/release";
import { readYamlFile } from "./yaml-file";

/** Names of the releases in a project, oldest first. */
export function releaseNames(root: string): readonly string[] {
  const folder = join(root, "releases");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/** A release that a site names, with its problems and its place; a release that is not there is the site's problem. */
export function readRelease(
  root: string,
  name: string,
): { readonly parsed: Parsed<Release>; readonly place: DocumentPlace } {
  const names = releaseNames(root);
  if (!names.includes(name)) {
    const meant = nearest(name, names);
    const next = meant === undefined ? `add releases/${name}.yaml` : `write "${meant}"`;
    const missing = siteProblem(
      ["release"],
      `a release of releases/: ${names.join(", ")}`,
      `"${name}"`,
      next,
    );
    return { parsed: { problems: [missing], faulty: [[]] }, place: {} };
  }
  const file = readYamlFile(root, `releases/${name}.yaml`, "name another release");
  const parsed = parseDocument("release", releaseSchema, file.data);
  if (parsed.value === undefined || parsed.value.release === name) return { parsed, place: file };
  const wrong = problem(
    "release",
    ["release"],
    `the name of its file, "${name}"`,
    `"${parsed.value.release}"`,
  );
  return { parsed: { ...parsed, problems: [wrong] }, place: file };
}
