import type { ReceiverBlueprint } from "../../site/alerting/notification-types";
import { reachedBy } from "../../site/alerting/routing";
import { printable } from "../view/colours";

/** Why a message did not arrive, and what to do about it. */
export interface DeliveryFault {
  readonly reason: string;
  readonly next: string;
}

/** What a category of Alertmanager's figures means, where its log says no more. */
const categories: Readonly<Record<string, string>> = {
  clientError: "it refused the message",
  serverError: "it answered that it failed itself",
  contextDeadlineExceeded: "it did not answer in time",
};

/**
 * The fault of one receiver.
 * @param said what Alertmanager's log says of it, undefined where the log cannot be had
 */
export function deliveryFault(
  receiver: ReceiverBlueprint,
  said: string | undefined,
  reasons: Readonly<Record<string, number>>,
): DeliveryFault {
  const category = Object.entries(reasons).find(([, count]) => count > 0)?.[0] ?? "";
  const reason = said ?? categories[category] ?? "it could not be reached";
  return { reason: printable(reason).slice(0, 300), next: nextOf(receiver, said ?? "", category) };
}

function nextOf(receiver: ReceiverBlueprint, said: string, category: string): string {
  const path = `alerts.receivers.${receiver.name}`;
  const { place, login } = keysOf(receiver);
  const at = (receiver.kind === "email" ? [hostOf(receiver)] : reachedBy(receiver)).join(", ");
  if (/connection refused|no such host|no route|i\/o timeout|network is unreachable/.test(said)) {
    return `check ${path}.${place}, and that workers reach it: name, route, firewall`;
  }
  if (/x509|certificate|tls:/.test(said)) {
    return `state the authority of its certificate in ${path}.ca, or the name that it is for`;
  }
  if (/STARTTLS/.test(said)) return `say in ${path}.tls what the mail server does`;
  if (/\bauth\b|status code 40[13]|invalid APISecret| 535 /i.test(said)) {
    return `check ${login === "" ? path : `${path}.${login}`} and its value`;
  }
  if (/status code 404/.test(said)) return `check ${path}.${place}: nothing takes messages there`;
  if (/status code 4\d\d/.test(said) || category === "clientError") {
    return `check ${path}: what stands there does not take such messages`;
  }
  if (/status code 5\d\d/.test(said) || category === "serverError") {
    return `look at the log of what answers at ${at}`;
  }
  if (/(RCPT|MAIL) command/.test(said))
    return `check ${path}.from and to with whoever runs the mail server`;
  return "see kubectl -n monitoring logs -l app.kubernetes.io/name=alertmanager -c alertmanager";
}

/** Keys of the site's file that lead to the receiver, and that log in there. */
function keysOf(receiver: ReceiverBlueprint): { readonly place: string; readonly login: string } {
  switch (receiver.kind) {
    case "email":
      return { place: "smarthost", login: "passwordSecret" };
    case "wechat":
      return { place: "apiUrl", login: "apiSecret" };
    default: {
      const { address, auth } = receiver;
      const login =
        auth === undefined ? "" : "bearerSecret" in auth ? "bearerSecret" : "passwordSecret";
      return { place: "url" in address ? "url" : "urlSecret", login };
    }
  }
}

function hostOf({ server }: Extract<ReceiverBlueprint, { kind: "email" }>): string {
  return `${server.host}:${server.port}`;
}

const attempts = /^.*notify retry canceled (?:due to unrecoverable error )?after \d+ attempts?: /;

/** What Alertmanager's log, in JSON lines, said last of each receiver's failures. */
export function logFaults(log: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const text of log.split("\n")) {
    const entry = parsed(text);
    const error = entry?.err;
    if (typeof error !== "string") continue;
    const named = entry?.receiver;
    const [, first] = /^([a-z0-9-]+)\/[a-z]+\[\d+\]: /.exec(error) ?? [];
    const receiver = typeof named === "string" ? named : first;
    if (receiver !== undefined) found.set(receiver, error.replace(attempts, ""));
  }
  return found;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
