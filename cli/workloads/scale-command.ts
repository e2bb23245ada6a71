import { Command, InvalidArgumentError } from "commander";
import { exitCodes } from "../exit-codes";
import { ownIo } from "../io";
import { scale } from "./scale";

/** `./sitewright workloads <site> scale <workload> <pods>`. */
export function scaleCommand(site: string): Command {
  return new Command(`sitewright workloads ${site} scale`)
    .argument("<workload>", "name in the release")
    .argument("<pods>", "how many Pods it is to have", podsOf)
    .description("change a workload's number of Pods in the site's file")
    .addHelpText("after", help)
    .action((workload: string, pods: number) => {
      scale(site, workload, pods, ownIo());
      process.exitCode = exitCodes.ok;
    });
}

const help = `
Writes workloads.<workload>.replicas into Pulumi.<site>.yaml and leaves every other line as it is. The
cluster is not touched: preview and apply the change as any other. The number that the release itself
says takes the line out again. A number that ./sitewright check would refuse, say since two Pods must
not share a host and hosts are too few, is refused here, before anything is written.

  ./sitewright workloads site-a scale api 4
  pulumi preview -s site-a --diff
  pulumi up -s site-a

Exit code: 0 written, or nothing to change; 2 there is no such workload; 3 check would refuse it.`;

function podsOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number of Pods.");
}
