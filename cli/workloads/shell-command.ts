import { Command } from "commander";
import { ownIo } from "../io";
import { withWorkload } from "./cluster";
import { enterPod } from "./shell";

interface Given {
  readonly pod?: string;
  readonly container?: string;
}

/** `./sitewright workloads <site> shell <workload> [-- command…]`. */
export function shellCommand(site: string): Command {
  return new Command(`sitewright workloads ${site} shell`)
    .argument("<workload>", "name in the release")
    .argument("[command...]", "program and its words, behind -- (default: a shell)")
    .description("run a shell, or a command, in one of a workload's Pods")
    .option("--pod <name>", "this Pod (default: one that is ready)")
    .option("--container <name>", "another container than the workload's own, such as istio-proxy")
    .addHelpText("after", help)
    .action(async (workload: string, command: string[], options: Given) => {
      process.exitCode = await shell(site, workload, { ...options, command });
    });
}

const help = `
Typed at a terminal it gets a terminal there, which follows the size of yours. From a script it gets
plain pipes: what comes in on standard input is the command's, and its exit code is this one's.
What you change in a container is gone with its Pod.

  ./sitewright workloads site-a shell web
  ./sitewright workloads site-a shell api -- sh -c 'wget -qO- http://web:8080/'
  ./sitewright workloads site-a shell ledger -- psql -U postgres parcels < query.sql

Exit code: the command's own; 2 there is no such workload, Pod or container; 6 a host, the API server
or a kubelet did not answer. In a rehearsal no containers run, so there is nothing to enter.`;

async function shell(
  site: string,
  workload: string,
  options: Parameters<typeof enterPod>[2],
): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const tty = stdin.isTTY === true && stdout.isTTY === true;
  const say = (line: string) => void stderr.write(`${line}\n`);
  return await withWorkload(site, workload, ownIo(), async (access, asked) => {
    // Keys go to the container as they are, Ctrl+C too.
    if (tty) stdin.setRawMode(true);
    try {
      return await enterPod(access, asked, options, { stdin, stdout, stderr, tty }, say);
    } finally {
      if (tty) stdin.setRawMode(false);
    }
  });
}
