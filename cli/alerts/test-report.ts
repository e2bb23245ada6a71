import { reachedBy } from "../../site/alerting/routing";
import type { Colour } from "../view/colours";
import { tableLines } from "../view/table";
import type { ReceiverResult, TestResult } from "./test-run";

type Paint = (colour: Colour, text: string) => string;

/** Whether every message, and every recovery that was to be, was taken. */
export function isDelivered({ receivers, heartbeat }: TestResult): boolean {
  return heartbeat !== "failed" && receivers.every(({ fault }) => fault === undefined);
}

const messageWords = {
  sent: "sent",
  failed: "FAILED",
  absent: "not there",
  unknown: "NOT SEEN",
  off: "not wanted",
} as const;

/** What a person reads once the test is over. */
export function testText(site: string, result: TestResult, paint: Paint): readonly string[] {
  const { id, receivers, heartbeat } = result;
  const sound = receivers.filter(({ fault }) => fault === undefined).length;
  const rows = receivers.map((one) => ({
    cells: [
      one.receiver.name,
      one.receiver.kind,
      messageWords[one.message],
      one.recovery === undefined ? "" : messageWords[one.recovery],
      reachedBy(one.receiver).join(", "),
    ],
    paint: (line: string) => (one.fault === undefined ? line : paint("red", line)),
  }));
  return [
    paint(
      "bold",
      `Test ${id} of ${site}: ${sound} of ${receivers.length} receivers took all they were to`,
    ),
    "",
    ...tableLines(["RECEIVER", "KIND", "MESSAGE", "RECOVERY", "REACHES"], rows),
    ...receivers.flatMap(faultLines),
    ...(heartbeat === undefined ? [] : ["", heartbeatLine(heartbeat, paint)]),
    ...(sound > 0 ? ["", `Ask those reached whether ${id} arrived: taken is not yet read.`] : []),
  ];
}

function faultLines({ receiver, message, fault }: ReceiverResult): readonly string[] {
  if (fault === undefined) return [];
  const what = message === "sent" ? "recovery: " : "";
  return ["", `${receiver.name}: ${what}${fault.reason}`, `  next: ${fault.next}`];
}

function heartbeatLine(heartbeat: NonNullable<TestResult["heartbeat"]>, paint: Paint): string {
  switch (heartbeat) {
    case "sent":
      return "The sign of life reaches the place outside.";
    case "failed":
      return `${paint("red", "The sign of life does not reach the place outside.")}\n  next: check alerts.heartbeat, and that workers reach it`;
    case "none yet":
      return "No sign of life was sent yet: Prometheus sends the first one within minutes of its start.";
  }
}

/** The same for programs. */
export function testJson(site: string, result: TestResult): object {
  const { id, receivers, heartbeat } = result;
  return {
    site,
    id,
    delivered: isDelivered(result),
    receivers: receivers.map(({ receiver, message, recovery, fault }) => ({
      name: receiver.name,
      kind: receiver.kind,
      reaches: reachedBy(receiver),
      message,
      ...(recovery !== undefined && { recovery }),
      ...fault,
    })),
    ...(heartbeat !== undefined && { heartbeat }),
  };
}
