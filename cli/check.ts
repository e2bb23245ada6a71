import { Command } from "commander";
import { bundleState } from "../bundle/index-file";
import { RunError } from "../site/run-error";
import { type Checked, checkJson, checkText, problemsJson } from "./check/report";
import { exitCodes } from "./exit-codes";
import { type Io, ownIo } from "./io";
import { loadKeptSite } from "./policies/kept-site";
import { painter } from "./view/colours";

export interface CheckOptions {
  readonly json: boolean;
}

/** `./sitewright check <site>`: what is wrong with a site's files, or what they would make. */
export function checkCommand(): Command {
  return new Command("check")
    .argument("<site>", "name of the site: check site-a reads Pulumi.site-a.yaml")
    .description("find what is wrong with a site's files, and say what they would make")
    .option("--json", "print the result as one JSON object", false)
    .addHelpText("after", help)
    .action((site: string, options: CheckOptions) => {
      process.exitCode = check(site, options, ownIo());
    });
}

const help = `
Reads the site, its policies, its release and the catalogue, finds every fault in them at once, and
works out whether the product's Pods fit. Needs no network, no secrets and no passphrase; changes nothing.

Exit code: 0 nothing is wrong; 3 something is, each problem named by file and line.`;

/** Runs the command and returns its exit code. Problems are thrown unless JSON was asked for. */
export function check(name: string, options: CheckOptions, io: Io): number {
  if (!options.json) {
    const checked = load(name, io.root);
    io.stdout.write(`${checkText(checked, painter(io.stdout, io.env)).join("\n")}\n`);
    return exitCodes.ok;
  }
  const checked = loadOrProblems(name, io.root);
  const failed = checked instanceof RunError;
  const result = failed ? problemsJson(name, checked) : checkJson(checked);
  io.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return failed ? checked.exitCode : exitCodes.ok;
}

function load(name: string, root: string): Checked {
  const kept = loadKeptSite(name, root);
  const { release, cluster } = kept.found.blueprint;
  return { ...kept, bundleProblems: bundleState(root, release, cluster.kubekey).problems };
}

function loadOrProblems(name: string, root: string): Checked | RunError {
  try {
    return load(name, root);
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  }
}
