import type { Blueprint } from "../../site/blueprint-types";
import { show } from "../../site/problems";
import { withoutNamespace } from "./mesh-claims";
import { fields, items, type KubernetesObject } from "./objects";
import type { Finding } from "./rule";
import { nameFaults, type SiteNames } from "./site-names";

/** Host names and encryption of what gateways serve: the mesh's, and those of the Gateway API. */

type Fields = Readonly<Record<string, unknown>>;

/** Faults of a Gateway of the mesh. One for other Pods than the site's own gateway lets nobody in. */
export function* meshGatewayFaults(
  { spec }: KubernetesObject,
  names: SiteNames,
  { platform }: Blueprint,
): Iterable<Finding> {
  const { selector, servers } = fields(spec);
  const { selector: own = {}, listeners = [], server } = platform.mesh?.gateway ?? {};
  if (!Object.entries(fields(selector)).every(([key, value]) => own[key] === value)) return;
  for (const [at, one] of items(servers).entries()) {
    const path = `spec.servers[${at}]`;
    const { port, hosts, tls } = fields(one);
    const { number, protocol = "HTTP" } = fields(port);
    const encrypted = protocol === "HTTPS" || protocol === "TLS";
    if (encrypted || protocol === "HTTP" || protocol === "HTTP2" || protocol === "GRPC") {
      for (const [place, host] of items(hosts).entries()) {
        const name = withoutNamespace(host);
        if (server?.hosts.includes(name)) continue;
        yield* nameFaults(`${path}.hosts[${place}]`, name, names);
      }
      yield* encrypted
        ? encryptionFaults(`${path}.tls`, fields(tls))
        : redirectFaults(`${path}.tls.httpsRedirect`, fields(tls), names);
    } else if (!listeners.some((listener) => listener.port === number)) {
      const known = listeners.map((listener) => listener.port).join(", ") || "none";
      const needed = `a port that the release exposes by tcp (${known}), or HTTPS`;
      const given = `${show(protocol)} on port ${show(number)}`;
      yield { path: `${path}.port`, needed, given };
    }
  }
}

function* redirectFaults(
  path: string,
  { httpsRedirect }: Fields,
  { plain }: SiteNames,
): Iterable<Finding> {
  if (plain || httpsRedirect === true) return;
  const needed = "true, so that plain HTTP is sent on to HTTPS";
  const absent = httpsRedirect === undefined;
  yield { path, needed, given: show(httpsRedirect), absent };
}

const oldVersions: readonly unknown[] = ["TLSV1_0", "TLSV1_1"];

function* encryptionFaults(path: string, tls: Fields): Iterable<Finding> {
  const { mode, credentialName, serverCertificate, minProtocolVersion: version } = tls;
  const brought = mode === "SIMPLE" || mode === "MUTUAL" || mode === "OPTIONAL_MUTUAL";
  if (mode === undefined) {
    yield { path: `${path}.mode`, needed: "SIMPLE or PASSTHROUGH", given: "nothing", absent: true };
  } else if (brought && !credentialName && !serverCertificate) {
    const needed = "the Secret with the certificate";
    yield { path: `${path}.credentialName`, needed, given: "nothing", absent: true };
  }
  if (oldVersions.includes(version)) {
    const needed = "TLSV1_2 or TLSV1_3";
    yield { path: `${path}.minProtocolVersion`, needed, given: show(version) };
  }
}

/** Faults of a VirtualService on a gateway. */
export function* virtualServiceFaults(
  { spec }: KubernetesObject,
  names: SiteNames,
): Iterable<Finding> {
  const { gateways, hosts, http, tls, tcp } = fields(spec);
  if (!items(gateways).some((name) => name !== "mesh")) return;
  // Connections of a port tell no name.
  const nameless = items(tcp).length > 0 && items(http).length === 0 && items(tls).length === 0;
  // Names within the cluster are the mesh's.
  const inside = items(gateways).includes("mesh");
  for (const [at, host] of items(hosts).entries()) {
    const isInside = inside && typeof host === "string" && /(^[^.]+|\.svc(\..*)?)$/.test(host);
    if (!(nameless && host === "*") && !isInside) {
      yield* nameFaults(`spec.hosts[${at}]`, host === "*" ? undefined : host, names);
    }
  }
}

/** Faults of a route of the Gateway API; one that states no names has those of its listeners. */
export function* routeFaults({ spec }: KubernetesObject, names: SiteNames): Iterable<Finding> {
  const { parentRefs, hostnames } = fields(spec);
  if (!items(parentRefs).some((parent) => (fields(parent).kind ?? "Gateway") === "Gateway")) return;
  for (const [at, host] of items(hostnames).entries()) {
    yield* nameFaults(`spec.hostnames[${at}]`, host, names);
  }
}

/** Faults of a Gateway of the Gateway API. */
export function* apiGatewayFaults({ spec }: KubernetesObject, names: SiteNames): Iterable<Finding> {
  for (const [at, listener] of items(fields(spec).listeners).entries()) {
    const path = `spec.listeners[${at}]`;
    const { hostname, protocol, tls } = fields(listener);
    if (protocol !== "HTTP" && protocol !== "HTTPS" && protocol !== "TLS") continue;
    yield* nameFaults(`${path}.hostname`, hostname, names);
    const { mode = "Terminate", certificateRefs } = fields(tls);
    if (protocol === "HTTP") {
      if (names.plain) continue;
      const next =
        "leave it out, or exempt the Gateway with the reason that all its routes redirect";
      yield { path: `${path}.protocol`, needed: "HTTPS or TLS", given: "HTTP", next };
    } else if (mode === "Terminate" && items(certificateRefs).length === 0) {
      const needed = "the Secret with the certificate";
      yield { path: `${path}.tls.certificateRefs`, needed, given: "none", absent: true };
    }
  }
}
