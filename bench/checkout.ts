import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { makeStandInBundle } from "../rehearsal/bundle/stand-in-bundle";
import { newEd25519Key } from "../rehearsal/hosts/ed25519-key";
import { projectRoot, resolveSite } from "../site/load";
import { namedParts } from "../site/platform/named-parts";
import { siteKey } from "../site/stack-file";
import { writeProject } from "./project";

/** Name of the site that {@link writeCheckout} writes, and of its stack. */
export const previewedSite = "site-a";

/** Everything that a deployment reads besides what {@link writeProject} writes. */
const copied = ["components", "policies", "site", "ssh", "toolchain", "index.ts"];
const settings = ["Pulumi.yaml", "package.json", "tsconfig.json"];

/**
 * Writes a checkout that the engine can preview: the program, and site-a with `workloads` of them and a bundle of small
 * charts. `root` is an empty folder.
 */
export async function writeCheckout(
  root: string,
  workloads: number,
  programs: { readonly controlplane: string; readonly kwok: string },
): Promise<void> {
  writeProject(root, workloads);
  for (const name of [...copied, ...settings]) {
    cpSync(join(projectRoot, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"));
  const data: unknown = JSON.parse(readFileSync(join(root, "site.json"), "utf8"));
  const { blueprint, catalogue } = resolveSite({ name: previewedSite, data }, root);
  const bundle = join(root, "bundles", blueprint.release);
  rmSync(bundle, { recursive: true });
  mkdirSync(bundle);
  const charts = namedParts(blueprint.platform).flatMap(([, part]) =>
    part.charts.map(({ chart }) => chart),
  );
  const platform = { catalogue, charts, warn: () => {} };
  await makeStandInBundle(bundle, { blueprint, ...programs, platform, fillerMiB: 1 });
  const [type, key] = newEd25519Key().public.split(" ");
  const hosts = blueprint.hosts.map(({ address }) => `${address} ${type} ${key}\n`);
  mkdirSync(join(root, "trust"));
  writeFileSync(join(root, "trust", `${previewedSite}.known_hosts`), hosts.join(""));
  const name = `Pulumi.${previewedSite}.yaml`;
  const stack = parse(readFileSync(join(projectRoot, name), "utf8"));
  stack.config[siteKey] = data;
  // Quoted, since Pulumi takes a bare date for one.
  const text = stringify(stack, { defaultStringType: "QUOTE_DOUBLE", lineWidth: 0 });
  writeFileSync(join(root, name), text);
}
