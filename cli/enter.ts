import { Command } from "commander";
import { rehearsalOf } from "../rehearsal/folders";
import { runEntered } from "../rehearsal/keeper/enter";
import { rehearsalEnvironment } from "../rehearsal/run/environment";
import { rehearsalSecrets } from "../rehearsal/run/site-secrets";
import { describe } from "../rehearsal/site-machines";
import { loadSite, projectRoot } from "../site/load";
import { RunError } from "../site/run-error";
import { exitCodes } from "./exit-codes";

/** `./sitewright enter <site> [command…]`: stands on the operator's machine of a running rehearsal. */
export function enterCommand(): Command {
  return new Command("enter")
    .argument("<site>", "name of a site that is being rehearsed")
    .argument("[command...]", "what to run there (default: your shell)")
    .description("run a command, or a shell, on the operator's side of a running rehearsal")
    .passThroughOptions()
    .addHelpText(
      "after",
      `
pulumi, kubectl and helm are on PATH, with the rehearsal's state and cluster; the site's hosts
answer at their own addresses. Nothing outside can be reached.

  ./sitewright enter site-a kubectl get nodes
  ./sitewright enter site-a pulumi stack ls
  ./sitewright enter site-a pulumi up -s site-a`,
    )
    .action(async (site: string, command: string[]) => {
      const { blueprint } = loadSite(site);
      const rehearsal = rehearsalOf(site, process.env);
      if (!describe(rehearsal).running) {
        throw new RunError(`${site} is not being rehearsed`, {
          exitCode: exitCodes.usage,
          nextStep: `bring it up: ./sitewright rehearse ${site}`,
        });
      }
      const secrets = await rehearsalSecrets(rehearsal, blueprint, projectRoot, process.env);
      const argv = command.length > 0 ? command : [process.env.SHELL ?? "/bin/bash"];
      const env = { ...process.env, ...rehearsalEnvironment(rehearsal, secrets.passphrase) };
      const { code } = await runEntered(rehearsal, argv, { env });
      process.exitCode = code;
    });
}
