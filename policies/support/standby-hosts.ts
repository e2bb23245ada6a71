import { covered } from "../../site/platform/ingress-names";
import { fields, items, type KubernetesObject, namespaceOf } from "./objects";
import type { Finding } from "./rule";
import { nameFaults, type SiteNames } from "./site-names";
import { ruleMatches } from "./traefik-rule";

/** Host names and encryption of what the standby serves: Ingresses, and Traefik's own routes. */

const annotation = "traefik.ingress.kubernetes.io/router.middlewares";

/** Faults of an Ingress. */
export function* ingressFaults(object: KubernetesObject, names: SiteNames): Iterable<Finding> {
  // Annotations have a hyphen between namespace and name.
  const redirects = new Set([...names.redirects].map((one) => one.replace("/", "-")));
  const { rules, tls, defaultBackend } = fields(object.spec);
  if (defaultBackend !== undefined) {
    const needed = "no answer to names that no rule has";
    yield { path: "spec.defaultBackend", needed, given: "a backend for any name" };
  }
  const used = fields(fields(object.metadata).annotations)[annotation];
  const middlewares = typeof used === "string" ? used.split(",") : [];
  const sentOn = middlewares.some((one) =>
    redirects.has(one.trim().replace(/@kubernetescrd$/, "")),
  );
  for (const [at, rule] of items(rules).entries()) {
    const { host } = fields(rule);
    yield* nameFaults(`spec.rules[${at}].host`, host, names);
    if (names.plain || sentOn || typeof host !== "string" || hasTls(tls, host)) continue;
    yield { path: "spec.tls", needed: `an entry with host ${host}`, given: "none", absent: true };
  }
}

/** An entry without hosts is for all of them. */
function hasTls(tls: unknown, host: string): boolean {
  return items(tls).some((entry) => {
    const hosts = items(fields(entry).hosts);
    return (
      hosts.length === 0 ||
      hosts.some((one) => {
        if (typeof one !== "string") return false;
        return one === host || (one.startsWith("*.") && covered(host, one.slice(2)));
      })
    );
  });
}

/** Faults of an IngressRoute, or one for whole connections. */
export function* traefikFaults(object: KubernetesObject, names: SiteNames): Iterable<Finding> {
  const { routes, tls } = fields(object.spec);
  for (const [at, route] of items(routes).entries()) {
    const path = `spec.routes[${at}].match`;
    const hosts = new Set(
      ruleMatches(fields(route).match)
        // What else is asked for may be the host, by a pattern.
        .filter(({ host, more }) => host !== undefined || !more)
        .map(({ host }) => host),
    );
    for (const host of hosts) yield* nameFaults(path, host, names);
  }
  const encrypted = typeof tls === "object" && tls !== null;
  const unsent = items(routes).findIndex((route) => !isSentOn(route, object, names));
  if (names.plain || encrypted || unsent < 0) return;
  const needed = `TLS ({} for the site's certificate), or a redirect as middleware of spec.routes[${unsent}]`;
  yield { path: "spec.tls", needed, given: "neither", absent: true };
}

function isSentOn(route: unknown, object: KubernetesObject, { redirects }: SiteNames): boolean {
  return items(fields(route).middlewares).some((one) => {
    const { name, namespace = namespaceOf(object) } = fields(one);
    return (
      typeof name === "string" &&
      typeof namespace === "string" &&
      redirects.has(`${namespace}/${name}`)
    );
  });
}
