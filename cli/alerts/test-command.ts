import { Command, Option } from "commander";
import { severities } from "../../site/alerting/notification";
import type {
  NotificationBlueprint,
  ReceiverBlueprint,
} from "../../site/alerting/notification-types";
import { reachedBy } from "../../site/alerting/routing";
import type { Severity } from "../../site/alerting/rule-types";
import { loadSite } from "../../site/load";
import { alertmanager, monitoringNamespace } from "../../site/platform/monitoring-place";
import { RunError } from "../../site/run-error";
import { withPort } from "../cluster-port/cluster-port";
import { exitCodes } from "../exit-codes";
import { type Io, ownIo } from "../io";
import { painter } from "../view/colours";
import { confirm } from "../view/hidden-prompt";
import { progressOf } from "../view/progress";
import { withCluster } from "../workloads/cluster";
import { siteNotification } from "./notification";
import { alertmanagerAt, alertmanagerLog } from "./pod";
import { chosenReceivers } from "./receivers";
import { isDelivered, testJson, testText } from "./test-report";
import { type AlertmanagerPod, type TestPatience, testReceivers, usualPatience } from "./test-run";

export interface TestOptions {
  readonly receiver?: string;
  readonly team?: string;
  readonly severity?: Severity;
  readonly yes: boolean;
  readonly json: boolean;
}

/** `./sitewright alerts test <site>`. */
export function testAlertsCommand(): Command {
  return new Command("test")
    .argument("<site>", "name of the site")
    .description("send a test message, and its recovery, by every receiver of a running site")
    .option("--receiver <name>", "by this one only")
    .option("--team <name>", "by those that tell this team only")
    .addOption(
      new Option("--severity <severity>", "by those that tell of this severity only").choices(
        severities,
      ),
    )
    .option("--yes", "send without asking: people get these messages", false)
    .option("--json", "print the result as one JSON object", false)
    .addHelpText("after", help)
    .action(async (site: string, options: TestOptions) => {
      process.exitCode = await testSite(site, options, ownIo());
    });
}

const help = `
Real messages go to real people, marked as a test and with a number of their own; within a minute each
is followed by its recovery, where the receiver is told of those. Quiet hours and silencing do not hold
them back. Whether they were taken is read from Alertmanager's own figures, why not from its log.

  ./sitewright alerts test site-a
  ./sitewright alerts test site-a --receiver duty-phone
  ./sitewright alerts test site-a --team product --severity critical --yes

Exit code: 0 every receiver took its messages; 2 not confirmed, there is no such receiver or team, or
Nightingale tells people at this site; 3 the site's file has problems or no alerts; 6 the cluster did
not answer; 7 a receiver did not take its messages.`;

/** Runs the command and returns its exit code. */
export async function testSite(site: string, options: TestOptions, io: Io): Promise<number> {
  const found = loadSite(site, io.root);
  const notification = siteNotification(found);
  if (found.site.nightingale?.notifies === true) throw toldByNightingale(site);
  const receivers = chosenReceivers(notification, options);
  await agreed(notification, receivers, options, io);
  return await withCluster(found, io, (access) =>
    withPort(access, { ...alertmanager, namespace: monitoringNamespace }, (url) =>
      runTest(
        alertmanagerAt(url, alertmanagerLog(access)),
        { notification, receivers, options },
        io,
      ),
    ),
  );
}

function toldByNightingale(site: string): RunError {
  return new RunError(`at ${site} Nightingale tells people, and Alertmanager nobody`, {
    nextStep: "test each of its channels in its own pages: Notification, Notification channels",
    exitCode: exitCodes.usage,
  });
}

interface TestRun {
  readonly notification: NotificationBlueprint;
  readonly receivers: readonly ReceiverBlueprint[];
  readonly options: Pick<TestOptions, "severity" | "json">;
  /** Default: the usual. */
  readonly patience?: TestPatience;
}

/** Tests against one Alertmanager and tells of it; returns the exit code. */
export async function runTest(
  pod: AlertmanagerPod,
  { notification, receivers, options, patience = usualPatience }: TestRun,
  io: Pick<Io, "stdout" | "stderr" | "env">,
): Promise<number> {
  const names = receivers.map(({ name }) => name);
  let progress = progressOf(io.stderr, "messages", names);
  const done = (name: string) => progress.done(name);
  try {
    const result = await testReceivers(pod, {
      notification,
      receivers,
      severity: options.severity ?? "info",
      patience,
      onMessage: done,
      onMessages: (recovering) => {
        progress.end();
        progress = progressOf(io.stderr, "recoveries", recovering);
      },
      onRecovery: done,
    });
    progress.end();
    const { site } = notification;
    const lines = options.json
      ? [JSON.stringify(testJson(site, result), null, 2)]
      : testText(site, result, painter(io.stdout, io.env));
    io.stdout.write(`${lines.join("\n")}\n`);
    return isDelivered(result) ? exitCodes.ok : exitCodes.deployment;
  } finally {
    progress.end();
  }
}

/** Nobody gets a message before somebody has agreed. */
async function agreed(
  { site }: NotificationBlueprint,
  receivers: readonly ReceiverBlueprint[],
  { yes }: TestOptions,
  io: Io,
): Promise<void> {
  if (yes) return;
  const refuse = (what: string, nextStep: string) =>
    new RunError(what, { nextStep, exitCode: exitCodes.usage });
  if (io.terminal === undefined) {
    throw refuse("a test sends real messages, and nobody is here to agree", "add --yes");
  }
  const whom = receivers.map((one) => `  ${one.name}: ${reachedBy(one).join(", ")}`);
  io.stderr.write(`A test of ${site} sends a message, and its recovery, to\n${whom.join("\n")}\n`);
  if (await confirm(io.terminal, "Send them?")) return;
  throw refuse("nothing was sent", "type yes in full to send");
}
