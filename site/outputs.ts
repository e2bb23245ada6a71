import type { Blueprint } from "./blueprint-types";
import type { CertificateBlueprint } from "./platform/certificates-types";
import { edgeForwards } from "./platform/edge";
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

/** Where Argo CD's pages are and who logs in; undefined where no Argo CD is. */
export function deliveryPages<Text>({ platform }: Pick<Blueprint, "platform">, password: Text) {
  const { delivery } = platform;
  if (delivery === undefined) return undefined;
  const [url] = delivery.argo.route?.urls ?? [];
  return { ...(url !== undefined && { url }), user: "admin", password };
}

/** Where Grafana's pages are and who logs in, and pages that have no login; undefined where no monitoring is. */
export function monitoringPages<Text>({ platform }: Pick<Blueprint, "platform">, password: Text) {
  const { monitoring } = platform;
  if (monitoring === undefined) return undefined;
  const urls = monitoring.pages.map(({ name, route }) => [name, route.urls[0]] as const);
  return { urls: Object.fromEntries(urls), user: "admin", password };
}

/** Where Nightingale's pages are and who logs in; undefined where no Nightingale is. */
export function nightingalePages<Text>({ platform }: Pick<Blueprint, "platform">, password: Text) {
  const { nightingale } = platform;
  if (nightingale === undefined) return undefined;
  const [url] = nightingale.route?.urls ?? [];
  return { ...(url !== undefined && { url }), user: "root", password };
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
