import type { Blueprint } from "../../site/blueprint-types";
import { gatewayApiClaims } from "./gateway-api-claims";
import { entryPoints, ingressClaims, standbyWays, traefikClaims } from "./ingress-claims";
import { meshGatewayClaims, virtualServiceClaims } from "./mesh-claims";
import { groupKind, type KubernetesObject } from "./objects";
import { ofBlueprint } from "./of-blueprint";
import { claimPlace, type RouteClaim } from "./route-claim";
import { siteRoutes } from "./site-routes";

/** What routes ask for: which requests are theirs, and of whom. */

/** Kinds that claim hosts. */
export const routeKinds = [
  "networking.k8s.io/Ingress",
  "traefik.io/IngressRoute",
  "traefik.io/IngressRouteTCP",
  "networking.istio.io/Gateway",
  "networking.istio.io/VirtualService",
  ...["HTTPRoute", "GRPCRoute", "TLSRoute"].map((kind) => `gateway.networking.k8s.io/${kind}`),
] as const;

/** Everything that an object claims. */
export function routeClaims(object: KubernetesObject, blueprint: Blueprint): readonly RouteClaim[] {
  switch (groupKind(object)) {
    case "networking.k8s.io/Ingress":
      return ingressClaims(object, blueprint);
    case "traefik.io/IngressRoute":
    case "traefik.io/IngressRouteTCP":
      return traefikClaims(object, blueprint);
    case "networking.istio.io/Gateway":
      return meshGatewayClaims(object);
    case "networking.istio.io/VirtualService":
      return virtualServiceClaims(object, blueprint.cluster.name);
    default:
      return gatewayApiClaims(object);
  }
}

/** Who is meant to have which requests: a claim of the site itself. */
export interface SiteClaim extends RouteClaim {
  readonly namespace: string;
}

/** What the routes of the site claim, by `claimPlace`. */
export const siteClaims = ofBlueprint((blueprint): ReadonlyMap<string, readonly SiteClaim[]> => {
  const claims = siteRoutes(blueprint).flatMap(({ namespace, route }): readonly SiteClaim[] => {
    const { name, kind, hosts, path, gateway, standby } = route;
    const what =
      kind === "http"
        ? ({ how: "prefix", at: path } as const)
        : ({ how: "whole", at: "" } as const);
    const claim = { path: name, namespace, ...what };
    const server = `gateway ${gateway?.server ?? ""}`;
    if (kind === "tcp")
      return [{ ...claim, way: `${server} port ${gateway?.listener}`, host: "*" }];
    const points = kind === "http" ? entryPoints : ["websecure"];
    return hosts.flatMap((host) => [
      ...(gateway === undefined ? [] : [{ ...claim, way: server, host, unordered: true }]),
      ...(standby === undefined
        ? []
        : standbyWays(standby.ingressClass, points).map((way) => ({ ...claim, way, host }))),
    ]);
  });
  const places = new Map<string, SiteClaim[]>();
  for (const claim of claims) {
    const place = claimPlace(claim);
    places.set(place, [...(places.get(place) ?? []), claim]);
  }
  return places;
});
