import { Command } from "commander";
import { nearest } from "../site/nearest";
import { ownValue } from "../site/path";
import { RunError } from "../site/run-error";
import { exitCodes } from "./exit-codes";
import { logsCommand } from "./workloads/logs-command";
import { scaleCommand } from "./workloads/scale-command";
import { shellCommand } from "./workloads/shell-command";
import { addStatusOptions, type StatusOptions, showStatus } from "./workloads/status-command";

/** What can be done at a site; without any of these words its workloads are shown. */
const actions: Readonly<Record<string, (site: string) => Command>> = {
  logs: logsCommand,
  shell: shellCommand,
  scale: scaleCommand,
};

/** `./sitewright workloads <site> [action…]`: how the release runs at a site, and a way into it. */
export function workloadsCommand(): Command {
  const command = new Command("workloads")
    .argument("<site>", "name of the site: workloads site-a reads Pulumi.site-a.yaml")
    .argument("[action...]", "logs, shell or scale, with what it asks for; without it the table")
    .description("show how each workload of the release runs at a site; read, enter and scale them")
    .passThroughOptions()
    .addHelpText("after", help);
  return addStatusOptions(command).action(
    async (site: string, words: string[], options: StatusOptions) => {
      const [word, ...rest] = words;
      // The site stands before the word, so commander cannot tell the words apart by itself.
      if (word === undefined || word.startsWith("-")) {
        const inner = statusAgain(command, site, options);
        await inner.parseAsync(words, { from: "user" });
        return;
      }
      const action = ownValue(actions, word);
      if (action === undefined) throw unknown(word);
      await like(command, action(site)).parseAsync(rest, { from: "user" });
    },
  );
}

/** Takes the options that people write behind the site. */
function statusAgain(command: Command, site: string, before: StatusOptions): Command {
  const inner = addStatusOptions(new Command(`sitewright workloads ${site}`))
    .description(command.description())
    .addHelpText("after", help)
    .action(async (after: StatusOptions) => {
      const options = { json: before.json || after.json, watch: before.watch || after.watch };
      process.exitCode = await showStatus(site, options);
    });
  return like(command, inner);
}

/** Mistakes and help of an inner command end as those of the outer one do. */
function like(outer: Command, inner: Command): Command {
  return inner.copyInheritedSettings(outer);
}

function unknown(word: string): RunError {
  const meant = nearest(word, Object.keys(actions));
  return new RunError(`workloads has no action ${JSON.stringify(word)}`, {
    nextStep: `${meant === undefined ? "its actions are logs, shell and scale" : `did you mean ${meant}?`}; ./sitewright workloads --help explains`,
    exitCode: exitCodes.usage,
  });
}

const help = `
Actions, each with a --help of its own:
  workloads <site> logs <workload>             what its Pods say
  workloads <site> shell <workload>            a shell, or a command, in one of them
  workloads <site> scale <workload> <pods>     another number of Pods, in the site's file

The table tells of every workload of the release what the site's file wants and what the cluster runs:
version, Pods ready, restarts, the digest of the image that nodes say they run, and where clients reach
it. What is not as wanted is named below it, in the cluster's own words, with the next step. A canary
stands below its workload.

The cluster is reached as a deployment reaches it: the first control-plane host over SSH, through the
bastion if the site has one, then the API server. Nothing is changed there.

  ./sitewright workloads site-a
  ./sitewright workloads site-a --json | jq '.workloads[] | select(.state != "ready")'
  ./sitewright workloads site-a logs api --since 1h --follow
  ./sitewright workloads site-a shell web -- nginx -T
  ./sitewright workloads site-a scale api 4

Exit code: 0 all of it runs as the site's file says; 7 something does not; 6 the cluster did not answer.`;
