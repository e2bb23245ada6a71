import { fields, items, type KubernetesObject, namespaceOf, wordOf } from "./objects";
import { hostText, type RouteClaim } from "./route-claim";

/** What a route of the Gateway API claims: HTTPRoute, GRPCRoute or TLSRoute. */
export function gatewayApiClaims(object: KubernetesObject): readonly RouteClaim[] {
  const { parentRefs, hostnames, rules } = fields(object.spec);
  const names = items(hostnames);
  const hosts = (names.length > 0 ? names : ["*"]).map(hostText);
  const ways = items(parentRefs).map((parent) => wayOf(fields(parent), object));
  const wanted =
    object.kind === "TLSRoute"
      ? [{ path: "spec.hostnames", how: "whole" as const, at: "" }]
      : items(rules).flatMap((rule, at) => ruleClaims(fields(rule), `spec.rules[${at}]`));
  return ways.flatMap((way) =>
    hosts.flatMap((host) => wanted.map((claim) => ({ ...claim, way, host }))),
  );
}

function wayOf(
  { kind = "Gateway", namespace, name, sectionName, port }: Readonly<Record<string, unknown>>,
  object: KubernetesObject,
): string {
  const place = typeof namespace === "string" ? namespace : namespaceOf(object);
  const listener = sectionName ?? port;
  const section = listener === undefined ? "" : ` by ${wordOf(listener)}`;
  return `${wordOf(kind)} ${place}/${wordOf(name)}${section}`;
}

function ruleClaims(
  { matches }: Readonly<Record<string, unknown>>,
  path: string,
): readonly Pick<RouteClaim, "path" | "how" | "at">[] {
  const all = items(matches);
  return (all.length > 0 ? all : [{}]).flatMap((match) => {
    const { path: wanted, method, headers, queryParams } = fields(match);
    if (items(headers).length > 0 || items(queryParams).length > 0) return [];
    if (typeof method === "string") return [];
    // Of a GRPCRoute.
    const { service, method: call } = fields(method);
    if (service !== undefined) {
      return [{ path, how: "exact" as const, at: `/${wordOf(service)}/${wordOf(call ?? "*")}` }];
    }
    const { type = "PathPrefix", value = "/" } = fields(wanted);
    const how = type === "Exact" ? "exact" : type === "RegularExpression" ? "pattern" : "prefix";
    return [{ path, how: how as RouteClaim["how"], at: wordOf(value) }];
  });
}
