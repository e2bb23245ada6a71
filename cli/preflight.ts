import { Command } from "commander";
import { loadSite } from "../site/load";
import { type Io, ownIo } from "./io";
import { lookAtHosts } from "./preflight/look";
import { preflightExitCode, preflightJson, preflightText } from "./preflight/report";
import { readSecrets } from "./secrets";
import { chosenHosts, targetsOf } from "./targets";
import { painter } from "./view/colours";
import { progressOf } from "./view/progress";

export interface PreflightOptions {
  readonly host: readonly string[];
  readonly json: boolean;
}

/** `./sitewright preflight <site>`: looks at every host of a site and changes nothing. */
export function preflightCommand(): Command {
  return new Command("preflight")
    .argument("<site>", "name of the site: preflight site-a reads Pulumi.site-a.yaml")
    .description("look at every host of a site and change nothing")
    .option("--host <name...>", "look at these hosts only", [])
    .option("--json", "print the report as one JSON object", false)
    .addHelpText("after", help)
    .action(async (site: string, options: PreflightOptions) => {
      process.exitCode = await preflight(site, options, ownIo());
    });
}

const help = `
Logs in to all hosts at the same time, through the bastion if the site has one, and compares what is
there with what the release needs. Blocking findings would stop a deployment; warnings would not.
Hosts must be trusted first (./sitewright trust <site>). The passphrase is taken from
PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or asked for.

Exit code: 0 nothing blocks; 4 something does; 6 a host could not be looked at.`;

/** Runs the command and returns its exit code. */
export async function preflight(name: string, options: PreflightOptions, io: Io): Promise<number> {
  const { blueprint } = loadSite(name, io.root);
  const hosts = chosenHosts(blueprint.hosts, options.host);
  const secrets = await readSecrets({ ...io, site: name });
  const targets = targetsOf({ ...blueprint, hosts }, secrets, io.root);
  const checks = new Map(hosts.map((host) => [host.name, host.preflight]));
  const names = hosts.map((host) => host.name);
  const progress = progressOf(io.stderr, "preflight", names);
  const reports = await lookAtHosts(
    targets.map((target) => ({ target, checks: checks.get(target.name) ?? [] })),
    (host) => progress.done(host),
  ).finally(() => progress.end());
  const paint = painter(io.stdout, io.env);
  const columns = io.stdout.columns ?? 160;
  io.stdout.write(
    `${options.json ? preflightJson(name, reports) : preflightText(reports, paint, columns)}\n`,
  );
  return preflightExitCode(reports);
}
