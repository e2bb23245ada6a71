import { fields, items, type KubernetesObject, namespaceOf, wordOf } from "./objects";
import { hostText, type RouteClaim } from "./route-claim";

/** What routes of the mesh claim. */

/** A Gateway claims hosts of ports of the Pods that it selects. */
export function meshGatewayClaims({ spec }: KubernetesObject): readonly RouteClaim[] {
  const { selector, servers } = fields(spec);
  const pods = Object.entries(fields(selector))
    .map(([key, value]) => `${key}=${wordOf(value)}`)
    .sort()
    .join(",");
  return items(servers).flatMap((server, at) => {
    const { port, hosts } = fields(server);
    return items(hosts).map((host, place) => ({
      path: `spec.servers[${at}].hosts[${place}]`,
      way: `port ${wordOf(fields(port).number)} of gateway Pods ${pods}`,
      host: withoutNamespace(host),
      how: "whole" as const,
      at: "",
    }));
  });
}

/** A server's host may say which namespaces' routes it is open to: `parcels/web.example`. */
export function withoutNamespace(host: unknown): string {
  const text = hostText(host);
  return text.slice(text.indexOf("/") + 1);
}

/** What is asked of a request besides its path; a route that asks for any of it may stand beside another. */
const furtherMatches = [
  "authority",
  "headers",
  "method",
  "port",
  "queryParams",
  "scheme",
  "sourceLabels",
  "sourceNamespace",
  "withoutHeaders",
];

/** A VirtualService claims requests on gateways, or what callers in the mesh ask a host. */
export function virtualServiceClaims(
  object: KubernetesObject,
  clusterDomain: string,
): readonly RouteClaim[] {
  const { gateways, hosts, exportTo } = fields(object.spec);
  const namespace = namespaceOf(object);
  const stated = items(gateways).filter((one) => typeof one === "string");
  return (stated.length > 0 ? stated : ["mesh"]).flatMap((name) => {
    if (name !== "mesh") {
      const server = name.includes("/") ? name : `${namespace}/${name}`;
      return onGateway(object, `gateway ${server}`);
    }
    const seen = items(exportTo);
    const only = seen.length > 0 && !seen.includes("*") ? ` of ${seen.map(wordOf).join(", ")}` : "";
    return items(hosts).map((host, at) => {
      const text = hostText(host);
      // Proxies of callers know one VirtualService a host, whatever its paths are.
      const full = /[.*]/.test(text) ? text : `${text}.${namespace}.svc.${clusterDomain}`;
      const way = `the mesh's proxies${only}`;
      return { path: `spec.hosts[${at}]`, way, host: full, how: "whole" as const, at: "" };
    });
  });
}

function onGateway({ spec }: KubernetesObject, way: string): readonly RouteClaim[] {
  const { hosts, http, tls, tcp } = fields(spec);
  const names = items(hosts).map(hostText);
  const requests = items(http).flatMap((route, at) => {
    const matches = items(fields(route).match);
    const path = `spec.http[${at}]`;
    return (matches.length > 0 ? matches : [{}]).flatMap((match) => {
      const uri = uriOf(fields(match));
      return uri === undefined
        ? []
        : names.map((host) => ({ path, way, host, ...uri, unordered: true }));
    });
  });
  const connections = items(tls).flatMap((route, at) =>
    items(fields(route).match).flatMap((match) =>
      items(fields(match).sniHosts).map((host) => ({
        path: `spec.tls[${at}]`,
        way,
        host: hostText(host),
        how: "whole" as const,
        at: "",
      })),
    ),
  );
  const ports = items(tcp).flatMap((route, at) =>
    items(fields(route).match).map((match) => ({
      path: `spec.tcp[${at}]`,
      way: `${way} port ${wordOf(fields(match).port)}`,
      host: "*",
      how: "whole" as const,
      at: "",
    })),
  );
  return [...requests, ...connections, ...ports];
}

function uriOf(
  match: Readonly<Record<string, unknown>>,
): Pick<RouteClaim, "how" | "at"> | undefined {
  if (furtherMatches.some((key) => match[key] !== undefined)) return undefined;
  const { exact, prefix, regex } = fields(match.uri);
  if (typeof exact === "string") return { how: "exact", at: exact };
  if (typeof regex === "string") return { how: "pattern", at: regex };
  return { how: "prefix", at: typeof prefix === "string" ? prefix : "/" };
}
