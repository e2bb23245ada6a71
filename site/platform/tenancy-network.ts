import type { Site } from "../schema/site";
import type { TenancyException } from "../schema/tenancy";
import { meshNamespace } from "./mesh-members";
import { monitoringNamespace } from "./monitoring-place";
import { gateway, standby, standbyInstalled } from "./routes";
import { tenantNamespace } from "./tenancy-names";
import type { PolicyBlueprint, TrafficRule } from "./tenancy-types";
import { meshTracing } from "./tracing-place";

/** Who may open connections to whom: nobody to nobody, but for what stands here and what the site states. */

/** Where the node's own DNS cache answers; it is no Pod of any namespace. */
export const nodeDnsCache = "169.254.25.10/32";

/** How the cluster's DNS is asked. */
export const dnsPorts: TrafficRule["ports"] = [
  { port: 53, protocol: "UDP" },
  { port: 53, protocol: "TCP" },
];

/** Where proxies of the mesh get their configuration and certificates. */
const meshControlPort = 15_012;

/** Where the mesh's proxies on nodes hand connections over, whatever port they are meant for. */
const ambientPort = 15_008;

/** What a node's own questions to its Pods seem to come from in an ambient mesh. */
const ambientProbes = "169.254.7.127/32";

/** Where the API servers themselves listen; policies see the address behind the Service. */
export const apiServerPort = 6443;

/** One end of a connection, by the namespace's name in Kubernetes. */
export type TrafficEnd = { readonly namespace: string } | { readonly cidr: string };

/** A stated exception: `from` may open connections to `to`. */
export interface Exception {
  readonly from: TrafficEnd;
  readonly to: TrafficEnd;
  /** Empty: every port. */
  readonly ports: readonly number[];
}

/** What all namespaces of a site have in common. */
export interface SiteTraffic {
  /** Namespaces of the platform that connections come in from. */
  readonly comingIn: readonly string[];
  readonly mesh?: NonNullable<Site["mesh"]>;
  /** Where proxies send traces. */
  readonly collector?: { readonly namespace: string; readonly port: number };
  /** The API servers' addresses. */
  readonly apiServers: readonly string[];
  readonly exceptions: readonly Exception[];
  /** Policies that the release's own ports and ways out need, by its namespaces. */
  readonly product: ReadonlyMap<string, readonly PolicyBlueprint[]>;
}

/** Namespaces of the platform, and servers, that every namespace of this site has to do with. */
export function siteTraffic(
  site: Site,
  exceptions: readonly Exception[],
  product: SiteTraffic["product"],
): SiteTraffic {
  const { mesh } = site;
  const tracing = meshTracing(site);
  return {
    comingIn: [
      ...(mesh === undefined ? [] : [gateway.namespace]),
      ...(standbyInstalled(site) ? [standby.namespace] : []),
      monitoringNamespace,
    ],
    ...(mesh !== undefined && { mesh }),
    ...(tracing && { collector: { namespace: tracing.namespace, port: tracing.port } }),
    apiServers: apiServers(site),
    exceptions,
    product,
  };
}

/** Addresses behind the API server's Service. */
export function apiServers({ hosts }: Pick<Site, "hosts">): readonly string[] {
  return hosts
    .filter(({ roles }) => roles.includes("control-plane"))
    .map(({ address }) => `${address}/32`);
}

/** The exceptions that a namespace states, with the namespaces' real names. */
export function statedExceptions(
  site: string,
  own: string,
  allow: readonly TenancyException[],
): readonly Exception[] {
  const here = { namespace: own };
  return allow.map(({ from, to, ports = [] }) => ({
    from: from === undefined ? here : endOf(site, from),
    to: to === undefined ? here : endOf(site, to),
    ports,
  }));
}

/** Policies of one namespace. Probes need none of them: a node always reaches its own Pods. */
export function namespacePolicies(
  name: string,
  callsApi: boolean,
  { comingIn, mesh, collector, apiServers, exceptions, product }: SiteTraffic,
): readonly PolicyBlueprint[] {
  const ambient = mesh?.mode === "ambient";
  const is = (end: TrafficEnd) => "namespace" in end && end.namespace === name;
  const rule = (end: TrafficEnd, ports: readonly number[]) =>
    opened(
      end,
      ambient && "namespace" in end && ports.length > 0 ? [...ports, ambientPort] : ports,
    );
  const ingress = exceptions.filter(({ to }) => is(to)).map(({ from, ports }) => rule(from, ports));
  const egress = exceptions.filter(({ from }) => is(from)).map(({ to, ports }) => rule(to, ports));
  return [
    { name: "deny-by-default", ingress: [], egress: [] },
    {
      name: "within-namespace",
      ingress: [{ ...nothing, ownPods: true }],
      egress: [{ ...nothing, ownPods: true }],
    },
    {
      name: "platform",
      ingress: [{ ...nothing, namespaces: comingIn, ...(ambient && { cidrs: [ambientProbes] }) }],
      egress: [
        { ...nothing, namespaces: ["kube-system"], cidrs: [nodeDnsCache], ports: dnsPorts },
        ...(mesh === undefined ? [] : meshEgress(mesh, collector)),
        ...(callsApi ? [{ ...nothing, cidrs: apiServers, ports: tcp([apiServerPort]) }] : []),
      ],
    },
    ...(ingress.length + egress.length > 0 ? [{ name: "exceptions", ingress, egress }] : []),
    ...(product.get(name) ?? []),
  ];
}

/** What a proxy beside a Pod needs: its control plane, and the collector of traces. */
function meshEgress(
  { mode }: NonNullable<SiteTraffic["mesh"]>,
  collector: SiteTraffic["collector"],
): readonly TrafficRule[] {
  if (mode === "ambient") return [];
  return [
    opened({ namespace: meshNamespace }, [meshControlPort]),
    ...(collector === undefined
      ? []
      : [opened({ namespace: collector.namespace }, [collector.port])]),
  ];
}

/** A rule that lets nothing through, for others to be made of. */
export const nothing: TrafficRule = { namespaces: [], cidrs: [], ownPods: false, ports: [] };

function opened(end: TrafficEnd, ports: readonly number[]): TrafficRule {
  const where = "cidr" in end ? { cidrs: [end.cidr] } : { namespaces: [end.namespace] };
  return { ...nothing, ...where, ports: tcp(ports) };
}

function tcp(ports: readonly number[]): TrafficRule["ports"] {
  return ports.map((port) => ({ port, protocol: "TCP" }));
}

function endOf(site: string, end: NonNullable<TenancyException["from"]>): TrafficEnd {
  if (end.cidr !== undefined) return { cidr: end.cidr };
  return { namespace: realNamespace(site, end.namespace ?? "") };
}

/** Name in Kubernetes of `workspace/namespace`, or of a namespace of the release. */
export function realNamespace(site: string, stated: string): string {
  const [workspace = "", namespace] = stated.split("/");
  return namespace === undefined ? workspace : tenantNamespace(site, workspace, namespace);
}
