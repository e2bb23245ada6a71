import { Command } from "commander";
import type { LoadedSite } from "../site/load";
import { loadSite } from "../site/load";
import { nearest } from "../site/nearest";
import { deliveryMode } from "../site/platform/delivery-modes";
import { configurationFolder } from "../site/platform/delivery-projects";
import { RunError } from "../site/run-error";
import { exitCodes } from "./exit-codes";
import { type Io, ownIo } from "./io";
import { refuseCode, writeFolder } from "./manifests/folder";
import { renderNamespace } from "./manifests/render";

export interface ManifestsOptions {
  readonly namespace: string;
  /** Working copy of the configuration repository. */
  readonly out: string;
  readonly adopt: boolean;
}

/** `./sitewright manifests <site>`: what Argo CD is to deploy, from the same release and site files. */
export function manifestsCommand(): Command {
  return new Command("manifests")
    .argument("<site>", "name of the site: manifests site-a reads Pulumi.site-a.yaml")
    .description("write a namespace's objects into a configuration repository")
    .requiredOption("--namespace <name>", "namespace of the release")
    .requiredOption("--out <folder>", "working copy of the configuration repository")
    .option("--adopt", "take over a folder that holds files of others", false)
    .addHelpText("after", help)
    .action((site: string, options: ManifestsOptions) => {
      process.exitCode = manifests(site, options, ownIo());
    });
}

const help = `
Writes the very objects that a deployment would make, one a file, images by their names in the
site's registry, into the folder that the site's delivery.product names. Written twice, nothing
changes. Files that it wrote before and that are no longer wanted go; no other file is touched.
Commits nothing and needs no network: look at the difference with git, and commit it.

  ./sitewright manifests site-a --namespace parcels --out ../configuration
  git -C ../configuration diff

Exit code: 0 written, or nothing to write; 2 the folder is not ours to write; 3 the site has problems.`;

/** Runs the command and returns its exit code. */
export function manifests(name: string, options: ManifestsOptions, io: Io): number {
  const found = loadSite(name, io.root);
  const { site, release, blueprint } = found;
  const { namespace, out, adopt } = options;
  requireNamespace(found, namespace);
  const product = site.delivery?.product;
  refuseCode(out, product?.codeRepository, io.root);
  const { folder, written, removed, unchanged } = writeFolder({
    root: out,
    path: configurationFolder({ path: product?.path }, namespace),
    site: name,
    namespace,
    files: renderNamespace(blueprint, namespace, product?.repository),
    adopt,
  });
  for (const file of written) io.stdout.write(`wrote    ${file}\n`);
  for (const file of removed) io.stdout.write(`removed  ${file}\n`);
  io.stdout.write(
    `${folder}: ${written.length} written, ${removed.length} removed, ${unchanged} as they were\n`,
  );
  if (deliveryMode(site, release, namespace) === "deploy") {
    io.stderr.write(
      `warning: ${namespace} is the deployment's at ${name}: Argo CD takes none of this before delivery.product says so (docs/gitops.md)\n`,
    );
  }
  return exitCodes.ok;
}

function requireNamespace({ release }: LoadedSite, namespace: string): void {
  const known = Object.keys(release.namespaces);
  if (known.includes(namespace)) return;
  const meant = nearest(namespace, known);
  throw new RunError(`release ${release.release} has no namespace ${JSON.stringify(namespace)}`, {
    nextStep: meant === undefined ? `it has ${known.join(", ")}` : `write ${meant}`,
    exitCode: exitCodes.usage,
  });
}
