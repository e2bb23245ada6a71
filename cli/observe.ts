import { Command } from "commander";
import { z } from "zod";
import { grafanaSecret } from "../components/monitoring/secrets";
import { loadSite } from "../site/load";
import {
  alertmanager,
  grafana,
  monitoringNamespace,
  prometheus,
} from "../site/platform/monitoring-place";
import { RunError } from "../site/run-error";
import type { Watcher } from "./cluster-port/answer-text";
import { withPort } from "./cluster-port/cluster-port";
import { exitCodes } from "./exit-codes";
import { type Io, ownIo } from "./io";
import { observe, parts, type Sources } from "./observe/look";
import { type Get, getFrom } from "./observe/read";
import { observeJson, observeText } from "./observe/report";
import { type ApiAccess, ask } from "./step/api-client";
import { painter } from "./view/colours";
import { progressOf } from "./view/progress";
import { withCluster } from "./workloads/cluster";

/** `./sitewright observe <site>`: whether what watches a site does. */
export function observeCommand(): Command {
  return new Command("observe")
    .argument("<site>", "name of the site: observe site-a reads Pulumi.site-a.yaml")
    .description(
      "show the targets, rules, receivers and dashboards of a running site, and what is wrong with them",
    )
    .option("--json", "print the result as one JSON object", false)
    .addHelpText("after", help)
    .action(async (site: string, options: { readonly json: boolean }) => {
      process.exitCode = await observeSite(site, options, ownIo());
    });
}

const help = `
What should be there follows from the site's file; what is there is asked of Prometheus, Alertmanager and
Grafana, through the API server. Targets that do not answer, that are missing or that nobody asked for,
rules that are not loaded or cannot be looked at, messages that were given up, dashboards that are not
there: each is named with its next step. Alerts that fire are listed; they are no fault of monitoring.

  ./sitewright observe site-a
  ./sitewright observe site-a --json | jq '.faults[]'

Exit code: 0 all of it is as it should be; 3 the site's file has problems or no monitoring; 6 the cluster did
not answer; 7 something is wrong with what watches the site.`;

/** Looks at what watches a site, prints it and returns the exit code. */
export async function observeSite(
  site: string,
  { json }: { readonly json: boolean },
  io: Io,
): Promise<number> {
  const found = loadSite(site, io.root);
  if (found.blueprint.platform.monitoring === undefined) {
    throw new RunError(`${site} has no monitoring`, {
      nextStep: "add the key monitoring to its file (monitoring: {} is enough), and deploy it",
      exitCode: exitCodes.site,
    });
  }
  return await withCluster(found, io, async (access) => {
    const progress = progressOf(io.stderr, "looking at", parts);
    try {
      const seen = await observe(found.blueprint, sourcesIn(access), (part) => progress.done(part));
      progress.end();
      const place = {
        site,
        paint: painter(io.stdout, io.env),
        columns: Math.max(120, io.stdout.columns ?? 0),
      };
      const text = json
        ? JSON.stringify(observeJson(seen, site), null, 2)
        : observeText(seen, place).join("\n");
      io.stdout.write(`${text}\n`);
      return seen.faults.length === 0 ? exitCodes.ok : exitCodes.deployment;
    } finally {
      progress.end();
    }
  });
}

/** Where the three answer in a cluster. */
function sourcesIn(access: ApiAccess): Sources {
  const at =
    (who: Watcher, place: typeof prometheus, headers?: () => Promise<Record<string, string>>) =>
    async <Result>(work: (get: Get) => Promise<Result>) =>
      await withPort(access, { ...place, namespace: monitoringNamespace }, async (url) =>
        work(getFrom(who, url, await headers?.())),
      );
  return {
    prometheus: at("Prometheus", prometheus),
    alertmanager: at("Alertmanager", alertmanager),
    grafana: at("Grafana", grafana, () => grafanaLogin(access)),
  };
}

const secretAnswer = z.object({ data: z.record(z.string(), z.string()) });

/** Grafana shows nothing to those who do not log in; whoever may read Secrets may. */
async function grafanaLogin(access: ApiAccess): Promise<Record<string, string>> {
  const { name, keys } = grafanaSecret;
  const path = `/api/v1/namespaces/${monitoringNamespace}/secrets/${name}`;
  const answer = await ask(access, { method: "GET", path }, 30);
  if (answer.status !== 200) {
    throw new RunError(`the login of Grafana could not be read: status ${answer.status}`, {
      nextStep: `see kubectl -n ${monitoringNamespace} get secret ${name}`,
      exitCode: exitCodes.remote,
    });
  }
  const { data } = secretAnswer.parse(JSON.parse(answer.body));
  const plain = (key: string) => Buffer.from(data[key] ?? "", "base64").toString("utf8");
  const login = `${plain(keys.userKey)}:${plain(keys.passwordKey)}`;
  return { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
}
