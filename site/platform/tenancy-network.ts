import type { BlueprintInput } from "../blueprint-input";
import type { TenancyException } from "../schema/tenancy";
import { ingressBlueprint } from "./ingress";
import { meshBlueprint } from "./mesh";
import { tenantNamespace } from "./tenancy-names";
import type { PolicyBlueprint, TrafficRule } from "./tenancy-types";

/** Who may open connections to whom: nobody to nobody, but for what stands here and what the site states. */

/** Where the node's own DNS cache answers; it is no Pod of any namespace. */
const nodeDnsCache = "169.254.25.10/32";

const dnsPorts: TrafficRule["ports"] = [
  { port: 53, protocol: "UDP" },
  { port: 53, protocol: "TCP" },
];

/** Where proxies of the mesh get their configuration and certificates. */
const meshControlPort = 15_012;

/** Where the API servers themselves listen; policies see the address behind the Service. */
const apiServerPort = 6443;

/** Gathers figures from every Pod that offers any. */
const monitoringNamespace = "monitoring";

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
  /** Namespaces of the mesh's control plane. */
  readonly mesh: readonly string[];
  /** The API servers' addresses. */
  readonly apiServers: readonly string[];
  readonly exceptions: readonly Exception[];
}

/** Namespaces of the platform, and servers, that every namespace of this site has to do with. */
export function siteTraffic(input: BlueprintInput, exceptions: readonly Exception[]): SiteTraffic {
  const names = (part: { readonly namespaces: readonly { readonly name: string }[] } | undefined) =>
    (part?.namespaces ?? []).map(({ name }) => name);
  const mesh = names(meshBlueprint(input));
  const apiServers = input.site.hosts
    .filter(({ roles }) => roles.includes("control-plane"))
    .map(({ address }) => `${address}/32`);
  return {
    comingIn: unique([...mesh, ...names(ingressBlueprint(input)), monitoringNamespace]),
    mesh,
    apiServers,
    exceptions,
  };
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
  { comingIn, mesh, apiServers, exceptions }: SiteTraffic,
): readonly PolicyBlueprint[] {
  const is = (end: TrafficEnd) => "namespace" in end && end.namespace === name;
  const ingress = exceptions
    .filter(({ to }) => is(to))
    .map(({ from, ports }) => opened(from, ports));
  const egress = exceptions
    .filter(({ from }) => is(from))
    .map(({ to, ports }) => opened(to, ports));
  return [
    { name: "deny-by-default", ingress: [], egress: [] },
    {
      name: "within-namespace",
      ingress: [{ ...nothing, ownPods: true }],
      egress: [{ ...nothing, ownPods: true }],
    },
    {
      name: "platform",
      ingress: [{ ...nothing, namespaces: comingIn }],
      egress: [
        { ...nothing, namespaces: ["kube-system"], cidrs: [nodeDnsCache], ports: dnsPorts },
        ...(mesh.length > 0
          ? [{ ...nothing, namespaces: mesh, ports: tcp([meshControlPort]) }]
          : []),
        ...(callsApi ? [{ ...nothing, cidrs: apiServers, ports: tcp([apiServerPort]) }] : []),
      ],
    },
    ...(ingress.length + egress.length > 0 ? [{ name: "exceptions", ingress, egress }] : []),
  ];
}

const nothing: TrafficRule = { namespaces: [], cidrs: [], ownPods: false, ports: [] };

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

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
