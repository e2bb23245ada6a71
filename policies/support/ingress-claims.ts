import type { Blueprint } from "../../site/blueprint-types";
import { fields, items, type KubernetesObject, wordOf } from "./objects";
import { hostText, type RouteClaim } from "./route-claim";
import { ruleMatches } from "./traefik-rule";

/** What routes of the standby claim, and Ingresses of whichever class. */

/** Where the standby listens for what names no entry point. */
export const entryPoints = ["web", "websecure"];

/** Who serves what a class has on some entry points. */
export function standbyWays(className: string, points: readonly unknown[]): readonly string[] {
  return points.map((point) => `ingress class ${className} on ${wordOf(point)}`);
}

/** What leaves the class out is served by the site's only one. */
function classOf({ metadata }: KubernetesObject, stated: unknown, { platform }: Blueprint): string {
  const annotation = fields(fields(metadata).annotations)["kubernetes.io/ingress.class"];
  const named = stated ?? annotation;
  return typeof named === "string" ? named : (platform.ingress?.standby?.ingressClass ?? "");
}

const pointsAnnotation = "traefik.ingress.kubernetes.io/router.entrypoints";

export function ingressClaims(
  object: KubernetesObject,
  blueprint: Blueprint,
): readonly RouteClaim[] {
  const { ingressClassName, rules } = fields(object.spec);
  const stated = fields(fields(object.metadata).annotations)[pointsAnnotation];
  const points = typeof stated === "string" ? stated.split(",").map((one) => one.trim()) : [];
  const ways = standbyWays(
    classOf(object, ingressClassName, blueprint),
    points.length > 0 ? points : entryPoints,
  );
  return items(rules).flatMap((rule, at) => {
    const { host, http } = fields(rule);
    return items(fields(http).paths).flatMap((one, place) => {
      const { path = "/", pathType } = fields(one);
      const how = pathType === "Exact" ? ("exact" as const) : ("prefix" as const);
      return ways.map((way) => ({
        path: `spec.rules[${at}].http.paths[${place}]`,
        way,
        host: hostText(host),
        how,
        at: wordOf(path),
      }));
    });
  });
}

export function traefikClaims(
  object: KubernetesObject,
  blueprint: Blueprint,
): readonly RouteClaim[] {
  const { entryPoints: stated, routes } = fields(object.spec);
  const points = items(stated);
  const className = classOf(object, undefined, blueprint);
  const ways = standbyWays(className, points.length > 0 ? points : entryPoints);
  const whole = object.kind === "IngressRouteTCP";
  return items(routes).flatMap((route, at) =>
    ruleMatches(fields(route).match).flatMap(({ host = "*", path, more }) => {
      if (more) return [];
      return ways.map((way) => ({
        path: `spec.routes[${at}].match`,
        way,
        host,
        how: whole ? ("whole" as const) : (path?.how ?? "prefix"),
        at: whole ? "" : (path?.text ?? "/"),
      }));
    }),
  );
}
