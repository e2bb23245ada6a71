import { Command } from "commander";
import { loadSite } from "../site/load";
import { siteNotification } from "./alerts/notification";
import { showJson, shownOf, showText } from "./alerts/show";
import { testAlertsCommand } from "./alerts/test-command";
import { exitCodes } from "./exit-codes";
import { type Io, ownIo } from "./io";
import { painter } from "./view/colours";

/** `./sitewright alerts`: who is told of what at a site, and whether they are reached. */
export function alertsCommand(): Command {
  return new Command("alerts")
    .description("show who is told of what at a site, and test that messages arrive")
    .addHelpText("after", help)
    .addCommand(showCommand())
    .addCommand(testAlertsCommand());
}

const help = `
  ./sitewright alerts show site-a     teams, receivers, quiet hours, and whom every rule reaches
  ./sitewright alerts test site-a     a real message by every receiver, and its recovery`;

function showCommand(): Command {
  return new Command("show")
    .argument("<site>", "name of the site")
    .description("show who would be told of what; needs no network and no secrets")
    .option("--json", "print the result as one JSON object", false)
    .addHelpText("after", showHelp)
    .action((site: string, options: { readonly json: boolean }) => {
      process.exitCode = show(site, options, ownIo());
    });
}

const showHelp = `
Reads the site, its release and the catalogue: teams with the receivers of each severity, quiet hours,
what receivers reach, the sign of life, dates on which something ends, and for every rule who is told.

Exit code: 0 shown; 3 the site's file has problems, or tells nobody of alerts.`;

/** Runs the command and returns its exit code. */
export function show(site: string, { json }: { readonly json: boolean }, io: Io): number {
  const found = loadSite(site, io.root);
  const shown = shownOf(found, siteNotification(found));
  const lines = json
    ? [JSON.stringify(showJson(shown), null, 2)]
    : showText(shown, painter(io.stdout, io.env), Math.max(120, io.stdout.columns ?? 0));
  io.stdout.write(`${lines.join("\n")}\n`);
  return exitCodes.ok;
}
