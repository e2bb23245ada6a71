import { Command, InvalidArgumentError } from "commander";
import { exitCodes } from "../exit-codes";
import { ownIo } from "../io";
import { withWorkload } from "./cluster";
import { type LogsOptions, printLogs } from "./logs";

interface Given {
  readonly pod?: string;
  readonly container?: string;
  readonly previous: boolean;
  readonly since?: number;
  readonly tail: number | "all";
  readonly follow: boolean;
}

/** `./sitewright workloads <site> logs <workload>`. */
export function logsCommand(site: string): Command {
  return new Command(`sitewright workloads ${site} logs`)
    .argument("<workload>", "name in the release")
    .description("print what a workload's Pods say, each line behind its Pod if there are several")
    .option("--pod <name>", "only this Pod")
    .option("--container <name>", "another container than the workload's own, such as istio-proxy")
    .option("--previous", "what the container said before its last restart", false)
    .option("--since <time>", "only lines so young: 90s, 30m, 1h, 2d", secondsOf)
    .option("--tail <lines>", "last lines of each Pod, or all", linesOf, 100)
    .option("--follow", "go on with what comes, until Ctrl+C", false)
    .addHelpText("after", help)
    .action(async (workload: string, options: Given) => {
      const io = ownIo();
      await withWorkload(site, workload, io, (access, asked) =>
        printLogs(access, asked, wish(options), io),
      );
      process.exitCode = exitCodes.ok;
    });
}

const help = `
A CronJob's Pods are those of the runs that the cluster still keeps, the oldest first.

  ./sitewright workloads site-a logs api --since 1h
  ./sitewright workloads site-a logs web --pod web-0 --previous
  ./sitewright workloads site-a logs clean-up --tail all > clean-up.log

Exit code: 0 read; 2 there is no such workload, Pod or container; 6 a host, the API server or a
kubelet did not answer. In a rehearsal no containers run, so there is nothing to read.`;

function wish({ since, tail, ...rest }: Given): LogsOptions {
  return {
    ...rest,
    ...(since !== undefined && { sinceSeconds: since }),
    tailLines: tail === "all" ? undefined : tail,
  };
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function secondsOf(text: string): number {
  const [, number, unit = ""] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const size = unitSeconds[unit];
  if (number !== undefined && size !== undefined) return Number(number) * size;
  throw new InvalidArgumentError("It must be a number with its unit, such as 90s, 30m, 1h or 2d.");
}

function linesOf(text: string): number | "all" {
  if (text === "all") return text;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number of lines, or all.");
}
