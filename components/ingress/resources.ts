import type { NamespaceBlueprint } from "../../site/blueprint-types";
import type {
  RedirectBlueprint,
  RouteBlueprint,
  StandbyBlueprint,
} from "../../site/platform/ingress-types";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { weighted } from "../mesh/canary";
import { httpRules, type Routed } from "../mesh/traffic";
import { routesAfter } from "../mesh/traffic-objects";
import type { KubernetesObject } from "../support/kubernetes-object";

/** Routes to workloads on the gateway and on the standby, as plain data. */

const traefik = "traefik.io/v1alpha1";

interface RouteObject {
  readonly noun: string;
  readonly object: KubernetesObject;
  readonly after?: readonly string[];
}

type GatewayTarget = NonNullable<RouteBlueprint["gateway"]>;

type Namespaced = Pick<WorkloadBlueprint, "namespace">;

/** The standby's certificate for every name that has none of its own; undefined where the site has none. */
export function defaultCertificate({ namespace, certificateSecret }: StandbyBlueprint) {
  if (certificateSecret === undefined) return undefined;
  return {
    apiVersion: traefik,
    kind: "TLSStore",
    metadata: { name: "default", namespace },
    spec: { defaultCertificate: { secretName: certificateSecret } },
  };
}

/** Sends plain HTTP on to HTTPS; undefined where nothing is sent on. One in each namespace: it serves no other. */
export function redirectMiddleware({
  name: namespace,
  redirect,
}: Pick<NamespaceBlueprint, "name" | "redirect">) {
  if (redirect === undefined) return undefined;
  const { name, port } = redirect;
  return {
    apiVersion: traefik,
    kind: "Middleware",
    metadata: { name, namespace },
    spec: {
      redirectScheme: {
        scheme: "https",
        permanent: true,
        ...(port !== undefined && { port: String(port) }),
      },
    },
  };
}

/**
 * What leads people to a page of the platform: what sends plain HTTP on, and the route; nothing of what is left out.
 * A namespace with several pages has one redirect for all of them.
 */
export function pageObjects(
  namespace: string,
  {
    route,
    redirect,
  }: { readonly route?: RouteBlueprint; readonly redirect?: RedirectBlueprint | undefined },
): readonly RouteObject[] {
  const middleware = redirectMiddleware({ name: namespace, ...(redirect && { redirect }) });
  return [
    ...(middleware === undefined ? [] : [{ noun: "redirect", object: middleware }]),
    ...(route === undefined
      ? []
      : routeObjects({ name: route.service, namespace, routes: [route] })),
  ];
}

/** All routes to a workload. */
export function routeObjects(workload: Routed): readonly RouteObject[] {
  return (workload.routes ?? []).flatMap((route) => {
    const port = route.name.slice(workload.name.length + 1);
    const onGateway = virtualService(route, workload);
    const onStandby =
      route.kind === "http" ? ingressRoutes(route, workload) : ingressRoutesTcp(route, workload);
    return [
      ...(onGateway === undefined
        ? []
        : [
            {
              noun: `${port}-virtual-service`,
              object: onGateway,
              after: routesAfter(workload),
            },
          ]),
      ...onStandby.map((object) => ({
        noun: `${port}-${object.spec.entryPoints[0]}-ingress-route`,
        object,
      })),
    ];
  });
}

/** A route on the mesh's gateway; undefined where the site has no mesh. */
export function virtualService(route: RouteBlueprint, workload: Routed) {
  const { gateway, name, hosts } = route;
  const { namespace } = workload;
  if (gateway === undefined) return undefined;
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name, namespace },
    spec: {
      hosts: route.kind === "tcp" ? ["*"] : [...hosts],
      gateways: [gateway.server],
      ...rules(route, gateway, workload),
    },
  };
}

/** What the gateway does: what callers in the mesh do, unless it hands requests and connections over. */
function rules(route: RouteBlueprint, target: GatewayTarget, workload: Routed) {
  switch (route.kind) {
    case "http":
      return { http: httpRoutes(route, target, workload) };
    case "tls":
      return {
        tls: [
          {
            match: [{ port: 443, sniHosts: [...route.hosts] }],
            route: destinations(target, workload),
          },
        ],
      };
    case "tcp":
      return {
        tcp: [{ match: [{ port: target.listener }], route: destinations(target, workload) }],
      };
  }
}

/** What the gateway does with requests of one route. */
export function httpRoutes(
  { name, path }: RouteBlueprint,
  target: GatewayTarget,
  workload: Routed,
) {
  const match = { uri: { prefix: path } };
  return toWorkload(target, workload)
    ? httpRules(workload, { name, match, destination: destinationOf(target) })
    : [{ name, match: [match], route: destinations(target, workload) }];
}

function destinations(target: GatewayTarget, workload: Routed) {
  const destination = destinationOf(target);
  return toWorkload(target, workload) ? weighted(workload, destination) : [{ destination }];
}

function toWorkload({ host }: GatewayTarget, { traffic }: Routed): boolean {
  return host === traffic?.host;
}

function destinationOf({ host, port }: GatewayTarget) {
  return { host, port: { number: port } };
}

/** The same route on the standby, for HTTPS and for plain HTTP; none where no standby is installed. */
export function ingressRoutes(route: RouteBlueprint, { namespace }: Namespaced) {
  const { standby, name, hosts, path } = route;
  if (standby === undefined) return [];
  const { ingressClass, secure, redirect, scheme } = standby;
  const anyHost = hosts.map((host) => `Host(\`${host}\`)`).join(" || ");
  const match = path === "/" ? anyHost : `(${anyHost}) && PathPrefix(\`${path}\`)`;
  const ingressRoute = (
    own: string,
    entryPoint: "web" | "websecure",
    more: { readonly middlewares?: readonly { readonly name: string }[] },
  ) => ({
    apiVersion: traefik,
    kind: "IngressRoute",
    metadata: {
      name: own,
      namespace,
      annotations: { "kubernetes.io/ingress.class": ingressClass },
    },
    spec: {
      entryPoints: [entryPoint],
      routes: [
        {
          match,
          kind: "Rule",
          services: [
            { name: route.service, port: route.port, ...(scheme !== undefined && { scheme }) },
          ],
          ...more,
        },
      ],
      ...(entryPoint === "websecure" && { tls: {} }),
    },
  });
  const plain = ingressRoute(
    `${name}-plain`,
    "web",
    redirect === undefined ? {} : { middlewares: [{ name: redirect }] },
  );
  return secure ? [ingressRoute(name, "websecure", {}), plain] : [plain];
}

/** A route on the standby for connections that stay encrypted; none where no standby is installed. */
export function ingressRoutesTcp(route: RouteBlueprint, { namespace }: Namespaced) {
  const { standby, name, hosts } = route;
  if (standby === undefined) return [];
  return [
    {
      apiVersion: traefik,
      kind: "IngressRouteTCP",
      metadata: {
        name,
        namespace,
        annotations: { "kubernetes.io/ingress.class": standby.ingressClass },
      },
      spec: {
        entryPoints: ["websecure"],
        routes: [
          {
            match: hosts.map((host) => `HostSNI(\`${host}\`)`).join(" || "),
            services: [{ name: route.service, port: route.port }],
          },
        ],
        tls: { passthrough: true },
      },
    },
  ];
}
