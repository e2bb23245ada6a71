import type { CrossCheck } from "../check-input";
import { nightingaleSecrets } from "../platform/nightingale-secrets";
import { type Problem, show, siteProblem } from "../problems";
import type { ReceiverSettings } from "../schema/alert-receivers";
import { missingSecrets } from "./stack-secrets";
import { volumeClassProblems } from "./volume-class";

/** What cannot be said of the site's `nightingale` alone. */

const path = ["nightingale"];

/** It shows what Prometheus has. */
const figures: CrossCheck = {
  reads: [path, ["monitoring"]],
  find: ({ site }) =>
    site.nightingale === undefined || site.monitoring !== undefined
      ? []
      : [
          siteProblem(
            path,
            "monitoring at the site, whose figures it shows",
            "a site without it",
            "add monitoring: {}",
          ),
        ],
};

/** Its own database has somewhere to keep its data. */
const volume: CrossCheck = {
  reads: [path, ["storage"]],
  find: ({ site }) => {
    const { nightingale } = site;
    if (nightingale?.database.kind !== "own") return [];
    return volumeClassProblems(site, [...path, "database"], nightingale.database.storageClass);
  },
};

/** Where it tells people in place of Alertmanager, it can tell everybody whom Alertmanager would. */
const telling: CrossCheck = {
  reads: [path, ["alerts"]],
  find: ({ site }) => {
    const { nightingale, alerts } = site;
    if (nightingale?.notifies !== true) return [];
    if (alerts === undefined) {
      return [
        siteProblem(
          [...path, "notifies"],
          "alerts at the site, which say who is told",
          "a site without them",
          "add alerts, or set this to false",
        ),
      ];
    }
    return Object.entries(alerts.receivers).flatMap(([name, receiver]) => cannot(name, receiver));
  },
};

function cannot(name: string, receiver: ReceiverSettings): readonly Problem[] {
  const where = ["alerts", "receivers", name];
  const next = "let Alertmanager tell people: nightingale.notifies: false";
  if (receiver.kind === "wechat" || receiver.kind === "webhook") {
    // A webhook takes what Alertmanager posts, which Nightingale has no words for.
    const needed = "a receiver that Nightingale can tell by: email, sms or im";
    return [siteProblem([...where, "kind"], needed, show(receiver.kind), next)];
  }
  const problems: Problem[] = [];
  if (receiver.kind === "email" && receiver.user === undefined) {
    const needed = "a user with a password: Nightingale sends no mail without a login";
    problems.push(siteProblem([...where, "user"], needed, "none", next));
  }
  if ("speaks" in receiver && receiver.speaks === "alertmanager") {
    const needed = "words that Nightingale has, such as message: Alertmanager's are its own";
    problems.push(siteProblem([...where, "speaks"], needed, show(receiver.speaks), next));
  }
  if (!receiver.sendResolved) {
    const needed = "true: Nightingale tells a recovery to whom it told the alert";
    problems.push(siteProblem([...where, "sendResolved"], needed, "false", next));
  }
  return problems;
}

/** Every secret that it refers to is in the stack. */
const secrets: CrossCheck = {
  reads: [path],
  find: (input) => missingSecrets(input, nightingaleSecrets(input.site)),
};

export const nightingaleChecks: readonly CrossCheck[] = [figures, volume, telling, secrets];
