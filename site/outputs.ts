import type { Blueprint } from "./blueprint-types";
import type { CertificateBlueprint } from "./platform/certificates-types";
import { edgeForwards } from "./platform/edge";
import type { RouteBlueprint } from "./platform/ingress-types";
import { withCanaries } from "./workload/canary";
import type { ExternalBlueprint } from "./workload/network-types";
import type { PortBlueprint, WorkloadBlueprint } from "./workload/workload-types";

/** What a stack tells of itself once it is deployed, beyond what single values say. */

/** Kind and version of each workload. */
export function running({ workloads }: Pick<Blueprint, "workloads">) {
  return Object.fromEntries(
    withCanaries(workloads).map(({ namespace, name, kind, version }) => [
      `${namespace}/${name}`,
      `${kind} ${version}`,
    ]),
  );
}

/** Where clients reach each exposed port of a workload. */
export function reachedAt({ workloads }: Pick<Blueprint, "workloads">) {
  const routes = workloads.flatMap(({ namespace, routes = [] }) =>
    routes.map(({ name, urls, via }) => [`${namespace}/${name}`, { urls, via }] as const),
  );
  return Object.fromEntries(routes);
}

/** What edge hosts, or the customer's balancer, forward where; undefined where there is no edge. */
export function edgePorts({ edge }: Pick<Blueprint, "edge">) {
  return edge && edgeForwards(edge);
}

/** Who shows pages that somebody logs in to. */
export type PagesWithLogin = "argo-cd" | "grafana" | "kibana" | "nightingale";

/**
 * The platform's pages by who shows them: where they are, and who logs in. Without an address they are reached within
 * the cluster only; without a user they have no login.
 */
export function pages<Text>(
  { platform }: Pick<Blueprint, "platform">,
  passwords: Readonly<Partial<Record<PagesWithLogin, Text>>>,
) {
  const { delivery, logging, monitoring, nightingale, tracing } = platform;
  const own = monitoring?.pages.map(({ name, route }) => [name, route] as const) ?? [];
  const routes: Readonly<Record<string, RouteBlueprint | undefined>> = {
    "argo-cd": delivery?.argo.route,
    kibana: logging?.store?.route,
    nightingale: nightingale?.route,
    tracing: tracing?.route,
    ...Object.fromEntries(own),
  };
  const users: Readonly<Record<PagesWithLogin, string>> = {
    "argo-cd": "admin",
    grafana: "admin",
    kibana: "elastic",
    nightingale: "root",
  };
  const logins = Object.entries(users).flatMap(([name, user]) => {
    const password = passwords[name as PagesWithLogin];
    return password === undefined ? [] : [[name, { user, password }] as const];
  });
  const urls = Object.entries(routes).flatMap(([name, route]) =>
    route === undefined ? [] : [[name, { url: route.urls[0] }] as const],
  );
  const names = [...new Set([...urls, ...logins].map(([name]) => name))].sort();
  const [urlOf, loginOf] = [Object.fromEntries(urls), Object.fromEntries(logins)];
  return Object.fromEntries(names.map((name) => [name, { ...urlOf[name], ...loginOf[name] }]));
}

/** The certificates that the site makes and renews by itself, by namespace and Secret. */
export function certificateDates({ platform }: Pick<Blueprint, "platform">) {
  const { certificates } = platform;
  if (certificates === undefined) return {};
  const { authority, issued } = certificates;
  const all: readonly CertificateBlueprint[] =
    authority.kind === "generated" ? [authority.certificate, ...issued] : issued;
  return Object.fromEntries(
    all.map(({ namespace, secretName, dnsNames, days, renewBeforeDays }) => [
      `${namespace}/${secretName}`,
      { names: dnsNames, days, renewedDaysBeforeEnd: renewBeforeDays },
    ]),
  );
}

/** A name within the cluster, with what answers there. */
export interface NamedService {
  /** In full; within its namespace the first part is enough. */
  readonly host: string;
  readonly ports: Readonly<Record<string, Omit<PortBlueprint, "name">>>;
  /** What single Pods are called; absent where they have no names. */
  readonly pods?: string;
  /** Where an external service stands. */
  readonly leadsTo?: readonly string[];
}

/** Every Service of the product by namespace and name, external ones included. */
export function namedServices({
  workloads,
  namespaces,
  cluster,
}: Pick<Blueprint, "workloads" | "namespaces" | "cluster">): Readonly<
  Record<string, NamedService>
> {
  const fullName = (name: string, namespace: string) => `${name}.${namespace}.svc.${cluster.name}`;
  const own = workloads
    .filter(({ ports }) => ports.length > 0)
    .map((workload) => ofWorkload(workload, fullName));
  const external = namespaces
    .flatMap(({ network }) => network?.externals ?? [])
    .map((one) => ofExternal(one, fullName));
  return Object.fromEntries([...own, ...external]);
}

type FullName = (name: string, namespace: string) => string;

function ofWorkload({ name, namespace, kind, ports }: WorkloadBlueprint, fullName: FullName) {
  const service: NamedService = {
    host: fullName(name, namespace),
    ports: byName(ports),
    ...(kind === "StatefulSet" && {
      pods: `${name}-<number>.${fullName(`${name}-headless`, namespace)}`,
    }),
  };
  return [`${namespace}/${name}`, service] as const;
}

function ofExternal({ name, namespace, ports, at }: ExternalBlueprint, fullName: FullName) {
  const service: NamedService = {
    host: fullName(name, namespace),
    ports: byName(ports),
    leadsTo: "domain" in at ? [at.domain] : at.addresses,
  };
  return [`${namespace}/${name}`, service] as const;
}

function byName(ports: readonly PortBlueprint[]): NamedService["ports"] {
  return Object.fromEntries(ports.map(({ name, ...port }) => [name, port]));
}
