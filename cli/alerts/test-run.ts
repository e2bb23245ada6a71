import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  NotificationBlueprint,
  ReceiverBlueprint,
} from "../../site/alerting/notification-types";
import type { Severity } from "../../site/alerting/rule-types";
import { ownReceivers, testLabel } from "../../site/alerting/special-labels";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { type DeliveryFault, deliveryFault, logFaults } from "./fault";
import { type DeliveryFigures, deliveryFigures, figuresSince } from "./figures";
import { testAlert } from "./test-alert";

/** One of Alertmanager's Pods: all that is asked and told must be the same one's, since figures are its own. */
export interface AlertmanagerPod {
  /** The body of the answer. Throws where there is none, or none with a status of success. */
  readonly get: (path: string) => Promise<string>;
  readonly post: (path: string, body: unknown) => Promise<void>;
  /** What it logged since a moment; undefined where that cannot be had. */
  readonly log: (since: Date) => Promise<string | undefined>;
}

/** How long each of the two messages is waited for. */
export interface TestPatience {
  readonly seconds: number;
  readonly everySeconds: number;
}

/** Failing receivers are given up after ten seconds; the second of two Alertmanagers waits fifteen for the first. */
export const usualPatience: TestPatience = { seconds: 60, everySeconds: 1 };

/** `absent`: Alertmanager does not run with this receiver; `unknown`: nothing was counted in time. */
export type MessageState = "sent" | "failed" | "absent" | "unknown";

export interface ReceiverResult {
  readonly receiver: ReceiverBlueprint;
  readonly message: MessageState;
  /** Absent where there was nothing to recover from; `off` where the site wants none. */
  readonly recovery?: MessageState | "off";
  readonly fault?: DeliveryFault;
}

export interface TestResult {
  /** Stands in every message of this test. */
  readonly id: string;
  readonly receivers: readonly ReceiverResult[];
  /** Of the sign of life, which is not tested but sent all the time; absent where the site has none. */
  readonly heartbeat?: "sent" | "failed" | "none yet";
}

export interface TestWish {
  readonly notification: NotificationBlueprint;
  readonly receivers: readonly ReceiverBlueprint[];
  readonly severity: Severity;
  readonly patience: TestPatience;
  /** Told as soon as a receiver's message has come to an end, and again its recovery. */
  readonly onMessage: (receiver: string) => void;
  /** Told in between whose recoveries are waited for. */
  readonly onMessages: (recovering: readonly string[]) => void;
  readonly onRecovery: (receiver: string) => void;
}

/** Sends a test message, and that it is over, by every receiver wished for, and follows both by Alertmanager's figures. */
export async function testReceivers(pod: AlertmanagerPod, wish: TestWish): Promise<TestResult> {
  const { receivers, patience } = wish;
  const id = randomBytes(3).toString("hex");
  const begun = new Date();
  const before = await figuresOf(pod);
  const running = await runningReceivers(pod);
  if (before.size === 0 && running.size > 0) throw uncounted();
  const there = receivers.filter(({ name }) => running.has(name) && before.has(name));
  const alerts = (over: boolean) =>
    there.map((receiver) =>
      testAlert(wish, receiver, { id, begun, ...(over && { over: new Date() }) }),
    );

  if (there.length > 0) await pod.post("/api/v2/alerts", alerts(false));
  const told = await follow(pod, before, there, patience, wish.onMessage);
  const recovering = there.filter(
    ({ name, sendResolved }) => sendResolved && told.get(name)?.state === "sent",
  );
  wish.onMessages(recovering.map(({ name }) => name));
  const between = await figuresOf(pod);
  // All of them end, also those of receivers that failed: none is to be tried any longer.
  if (there.length > 0) await pod.post("/api/v2/alerts", alerts(true));
  const recovered = await follow(pod, between, recovering, patience, wish.onRecovery);

  const failures = [...told, ...recovered].some(([, { state }]) => state !== "sent");
  const said = failures ? logFaults((await pod.log(begun)) ?? "") : new Map<string, string>();
  const heartbeat = wish.notification.heartbeat && heartbeatOf(await figuresOf(pod));
  return {
    id,
    receivers: receivers.map((receiver) => {
      const message = told.get(receiver.name);
      if (message === undefined) return { receiver, message: "absent", fault: absent };
      if (message.state !== "sent") {
        return { receiver, message: message.state, fault: faultOf(receiver, message, said) };
      }
      if (!receiver.sendResolved) return { receiver, message: "sent", recovery: "off" };
      const recovery = recovered.get(receiver.name) ?? { state: "unknown", figures: none };
      return {
        receiver,
        message: "sent",
        recovery: recovery.state,
        ...(recovery.state !== "sent" && { fault: faultOf(receiver, recovery, said) }),
      };
    }),
    ...(heartbeat !== undefined && { heartbeat }),
  };
}

const none: DeliveryFigures = { attempts: 0, failedAttempts: 0, failed: 0, reasons: {} };

const absent: DeliveryFault = {
  reason: "Alertmanager does not run with this receiver",
  next: "deploy the site as its file is now, and wait a minute until Alertmanager has read it",
};

function uncounted(): RunError {
  return new RunError("this Alertmanager does not count what it sends by receiver", {
    nextStep: "deploy the site: its values switch receiver-name-in-metrics on",
    exitCode: exitCodes.deployment,
  });
}

interface Outcome {
  readonly state: "sent" | "failed" | "unknown";
  readonly figures: DeliveryFigures;
}

/** Looks at figures until every receiver has sent a message or given up. */
async function follow(
  pod: AlertmanagerPod,
  before: ReadonlyMap<string, DeliveryFigures>,
  receivers: readonly ReceiverBlueprint[],
  { seconds, everySeconds }: TestPatience,
  onEnd: (receiver: string) => void,
): Promise<ReadonlyMap<string, Outcome>> {
  const found = new Map<string, Outcome>();
  const until = Date.now() + seconds * 1000;
  let last = new Map<string, DeliveryFigures>();
  while (found.size < receivers.length && Date.now() < until) {
    const now = await figuresOf(pod);
    last = new Map(
      receivers.map(({ name }) => [name, figuresSince(before.get(name), now.get(name))]),
    );
    for (const [name, figures] of last) {
      const sent = figures.attempts - figures.failedAttempts > 0;
      if (found.has(name) || (!sent && figures.failed === 0)) continue;
      found.set(name, { state: sent ? "sent" : "failed", figures });
      onEnd(name);
    }
    if (found.size < receivers.length) await sleep(everySeconds * 1000);
  }
  for (const { name } of receivers) {
    const figures = last.get(name) ?? none;
    // Tried and never answered: it has failed, though it was not yet given up.
    const state = figures.failedAttempts > 0 ? "failed" : "unknown";
    if (!found.has(name)) found.set(name, { state, figures });
  }
  return found;
}

function faultOf(
  receiver: ReceiverBlueprint,
  { state, figures }: Outcome,
  said: ReadonlyMap<string, string>,
): DeliveryFault {
  if (state === "unknown" && !said.has(receiver.name)) {
    return {
      reason: "Alertmanager has not tried it in time",
      next: "run the test again; if it stays, see ./sitewright observe",
    };
  }
  return deliveryFault(receiver, said.get(receiver.name), figures.reasons);
}

async function figuresOf(pod: AlertmanagerPod): Promise<ReadonlyMap<string, DeliveryFigures>> {
  return deliveryFigures(await pod.get("/metrics"));
}

/** Receivers that a test would get to: without their own way it would end up with a team, as if it were real. */
async function runningReceivers(pod: AlertmanagerPod): Promise<ReadonlySet<string>> {
  const text = await pod.get("/api/v2/status");
  const status: unknown = JSON.parse(text);
  const original: unknown = Object(Object(status).config).original;
  if (typeof original !== "string") {
    throw new RunError("what answers for Alertmanager does not say how it is configured", {
      nextStep: "see ./sitewright observe",
      exitCode: exitCodes.remote,
    });
  }
  const ways = original.matchAll(new RegExp(`${testLabel}="([a-z0-9-]+)"`, "g"));
  return new Set([...ways].map(([, name = ""]) => name));
}

function heartbeatOf(figures: ReadonlyMap<string, DeliveryFigures>): TestResult["heartbeat"] {
  const { attempts, failedAttempts } = figures.get(ownReceivers.heartbeat) ?? none;
  if (attempts > failedAttempts) return "sent";
  return failedAttempts > 0 ? "failed" : "none yet";
}
