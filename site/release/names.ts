import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Names of the releases in a project, oldest first. */
export function releaseNames(root: string): readonly string[] {
  const folder = join(root, "releases");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort(compareReleases);
}

/** A release's file, relative to the project. */
export function releaseFile(name: string): string {
  return `releases/${name}.yaml`;
}

/** Orders releases by age: below zero when the first is older. 2026.9 is older than 2026.11. */
export function compareReleases(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
