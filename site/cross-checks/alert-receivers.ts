import type { CrossCheck } from "../check-input";
import type { Path } from "../path";
import { type Problem, show, siteProblem } from "../problems";
import type { HookSettings, ReceiverSettings } from "../schema/alert-receivers";
import { loginProblems } from "./login";

/** Rules over how single receivers are reached. */

const reads = [["alerts"]];

const perReceiver = (find: (receiver: ReceiverSettings, path: Path) => readonly Problem[]) => ({
  reads,
  find: ({ site }: Parameters<CrossCheck["find"]>[0]) =>
    Object.entries(site.alerts?.receivers ?? {}).flatMap(([name, receiver]) =>
      find(receiver, ["alerts", "receivers", name]),
    ),
});

const isHook = (receiver: ReceiverSettings): receiver is HookSettings =>
  receiver.kind !== "email" && receiver.kind !== "wechat";

/** There is one address, as such or as a secret. */
const oneAddress: CrossCheck = perReceiver((receiver, path) =>
  isHook(receiver) ? addressProblems(receiver, path) : [],
);

const heartbeatAddress: CrossCheck = {
  reads,
  find: ({ site: { alerts } }) =>
    alerts?.heartbeat === undefined
      ? []
      : addressProblems(alerts.heartbeat, ["alerts", "heartbeat"]),
};

function addressProblems(
  {
    url,
    urlSecret,
  }: { readonly url?: string | undefined; readonly urlSecret?: string | undefined },
  path: Path,
): readonly Problem[] {
  if ((url === undefined) !== (urlSecret === undefined)) return [];
  return [siteProblem(path, "url or urlSecret", url === undefined ? "neither" : "both")];
}

/** A user has a password and a password a user, and there is one way of logging in. */
const oneLogin: CrossCheck = perReceiver((receiver, path) => {
  if (receiver.kind === "wechat") return [];
  const { user, passwordSecret } = receiver;
  const bearer = isHook(receiver) ? receiver.bearerSecret : undefined;
  const two =
    bearer !== undefined && (user ?? passwordSecret) !== undefined
      ? [siteProblem([...path, "bearerSecret"], "one way of logging in", "a user as well")]
      : [];
  return [...loginProblems(path, { user, passwordSecret }), ...two];
});

/** No secret crosses a network in clear, unless somebody answers for it. */
const notInClear: CrossCheck = perReceiver((receiver, path) => {
  const { inClearBecause } = receiver;
  const [key, place] = clearPlace(receiver);
  if (place === undefined) {
    // What stands in a secret cannot be looked at here.
    if (inClearBecause === undefined || (isHook(receiver) && receiver.urlSecret)) return [];
    const needed = "a secret that goes somewhere without TLS, to be explained";
    return [siteProblem([...path, "inClearBecause"], needed, "none", "remove it")];
  }
  if (inClearBecause !== undefined) return [];
  return [
    siteProblem(
      [...path, key],
      receiver.kind === "email"
        ? "TLS, since a password goes over the connection"
        : "https, since a secret goes over the connection",
      show(place),
      "change it, or say in inClearBecause why not",
    ),
  ];
});

/** Where a receiver's secret goes in clear: the key that says so and its value. */
function clearPlace(receiver: ReceiverSettings): readonly [string, string | undefined] {
  if (receiver.kind === "email") {
    const clear = receiver.tls === "none" && receiver.passwordSecret !== undefined;
    return ["tls", clear && !inCluster(receiver.smarthost) ? receiver.tls : undefined];
  }
  if (receiver.kind === "wechat") return ["apiUrl", clearUrl(receiver.apiUrl)];
  const { url, bearerSecret, passwordSecret } = receiver;
  return ["url", (bearerSecret ?? passwordSecret) === undefined ? undefined : clearUrl(url)];
}

function clearUrl(url: string | undefined): string | undefined {
  if (url === undefined || !url.startsWith("http://")) return undefined;
  return inCluster(url.slice("http://".length)) ? undefined : url;
}

/** Whether a place such as `name.namespace.svc:80/path` is a Service of the cluster. */
function inCluster(place: string): boolean {
  return /^[a-z0-9-]+\.[a-z0-9-]+\.svc(\.[a-z0-9.-]+)?([:/?]|$)/.test(place);
}

/** Mail has a sender and readers that a mail server can place, each once. */
const mail: CrossCheck = perReceiver((receiver, path) => {
  if (receiver.kind !== "email") return [];
  const { to, from, smarthost } = receiver;
  const port = Number(smarthost.split(":")[1]);
  return [
    ...[
      { key: ["from"], address: from },
      ...to.map((address, at) => ({ key: ["to", at], address })),
    ]
      .filter(({ address }) => !/@.+\../.test(address))
      .map(({ key, address }) =>
        siteProblem([...path, ...key], "an address with a whole domain", show(address)),
      ),
    ...to.flatMap((address, at) =>
      to.findIndex((one) => one.toLowerCase() === address.toLowerCase()) === at
        ? []
        : [siteProblem([...path, "to", at], "every address once", show(address), "remove it")],
    ),
    ...(port >= 1 && port <= 65_535
      ? []
      : [siteProblem([...path, "smarthost"], "a TCP port from 1 to 65535", show(smarthost))]),
  ];
});

/** A message by WeCom has somebody to go to. */
const wechat: CrossCheck = perReceiver((receiver, path) => {
  if (receiver.kind !== "wechat") return [];
  const { toUsers, toParties, toTags } = receiver;
  if (toUsers.length + toParties.length + toTags.length > 0) return [];
  const next = 'name some; ["@all"] in toUsers is everybody whom the application may reach';
  return [siteProblem(path, "toUsers, toParties or toTags", "none of them", next)];
});

export const receiverChecks: readonly CrossCheck[] = [
  oneAddress,
  oneLogin,
  notInClear,
  mail,
  wechat,
  heartbeatAddress,
];
