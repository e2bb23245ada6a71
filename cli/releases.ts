import { Command } from "commander";
import { exitCodes } from "./exit-codes";
import { type Io, ownIo } from "./io";
import { checkReleaseCommand } from "./releases/check-command";
import { diffCommand } from "./releases/diff-command";
import { listJson, listReleases, listText } from "./releases/list";
import { painter } from "./view/colours";

/** `./sitewright releases`: what releases there are, how they differ, and whether a site still has one's images. */
export function releasesCommand(): Command {
  return new Command("releases")
    .description("list the releases, compare two, see whether a site still has one's images")
    .option("--json", "print the list as one JSON object", false)
    .addHelpText("after", help)
    .action((options: { readonly json: boolean }) => {
      process.exitCode = list(options, ownIo());
    })
    .addCommand(diffCommand())
    .addCommand(checkReleaseCommand());
}

const help = `
A release is a file releases/<version>.yaml, written once for all sites; a site names the one it runs.
A release may build on an earlier one and state only what it changes (docs/releases.md).

  ./sitewright releases                                     which there are, and who runs them
  ./sitewright releases diff 2026.11 2026.12                what the newer one changes
  ./sitewright releases diff 2026.11 2026.12 --site site-a  what that comes to at a site
  ./sitewright releases check site-a 2026.11                can the site go back to it?

Exit code: 0 listed; 3 a release file has problems, each named by file and line.`;

export function list({ json }: { readonly json: boolean }, io: Io): number {
  const found = listReleases(io.root);
  const lines = json
    ? [JSON.stringify(listJson(found), null, 2)]
    : listText(found, painter(io.stdout, io.env));
  io.stdout.write(`${lines.join("\n")}\n`);
  return exitCodes.ok;
}
