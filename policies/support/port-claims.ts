import type { Blueprint } from "../../site/blueprint-types";
import { nodeHostPorts, roleHostPorts, type UsedPort } from "../../site/platform/host-ports";
import { transport } from "../../site/workload/ports";
import { nodesFor } from "./node-places";
import { fields, items, type KubernetesObject, wordOf } from "./objects";
import { ofBlueprint } from "./of-blueprint";
import { containersOf, podTemplate } from "./pods";

/** Ports of nodes: who wants which, and who is meant to have them. */

/** A port that an object wants. */
export interface PortClaim {
  /** Path of the number in the object. */
  readonly path: string;
  readonly port: number;
  readonly protocol: string;
}

/** A port of the hosts that some Pods run on. */
export interface HostPortClaim extends PortClaim {
  /** Address of the host that it is for; "" for all. */
  readonly address: string;
  /** Names of the hosts that the Pods may run on. */
  readonly hosts: ReadonlySet<string>;
}

/** How a port is known among others. */
export function portKey({ port, protocol }: Pick<PortClaim, "port" | "protocol">): string {
  return `${protocol} ${port}`;
}

/** Ports that a Service opens on every node, as far as it states their numbers. */
export function nodePortClaims({ spec }: KubernetesObject): readonly PortClaim[] {
  const { type, ports, healthCheckNodePort } = fields(spec);
  if (type !== "NodePort" && type !== "LoadBalancer") return [];
  const opened = items(ports).flatMap((one, at) => {
    const { nodePort, protocol = "TCP" } = fields(one);
    const path = `spec.ports[${at}].nodePort`;
    return isPort(nodePort) ? [{ path, port: nodePort, protocol: wordOf(protocol) }] : [];
  });
  if (!isPort(healthCheckNodePort)) return opened;
  const path = "spec.healthCheckNodePort";
  return [...opened, { path, port: healthCheckNodePort, protocol: "TCP" }];
}

/** Ports of their hosts that an object's Pods listen on. */
export function hostPortClaims(
  object: KubernetesObject,
  blueprint: Blueprint,
): readonly HostPortClaim[] {
  const template = podTemplate(object);
  if (template === undefined) return [];
  const ofHost = fields(template.spec).hostNetwork === true;
  const wanted = [...containersOf(template)].flatMap(({ path, container }) =>
    items(fields(container).ports).flatMap((one, at) => {
      const { hostPort, containerPort, hostIP, protocol = "TCP" } = fields(one);
      const stated = isPort(hostPort);
      const port = stated || !ofHost ? hostPort : containerPort;
      if (!isPort(port)) return [];
      return [
        {
          path: `${path}.ports[${at}].${stated ? "hostPort" : "containerPort"}`,
          port,
          protocol: wordOf(protocol),
          address: typeof hostIP === "string" && hostIP !== "0.0.0.0" ? hostIP : "",
        },
      ];
    }),
  );
  if (wanted.length === 0) return [];
  const hosts = new Set(nodesFor(blueprint, template.spec).map(({ name }) => name));
  return wanted.map((claim) => ({ ...claim, hosts }));
}

/** Zero is as good as nothing to Kubernetes. */
function isPort(value: unknown): value is number {
  return typeof value === "number" && value > 0;
}

/** Who is meant to have a NodePort. */
export interface NodePortOwner {
  readonly namespace: string;
  /** Reads on from "which is". */
  readonly whose: string;
}

/** NodePorts that the site has given away, by `portKey`. */
export const nodePortOwners = ofBlueprint(({ platform, workloads }) => {
  const { mesh, ingress, tenancy } = platform;
  const owners = new Map<string, NodePortOwner>();
  const give = (port: number, protocol: string, namespace: string, whose: string) =>
    owners.set(portKey({ port, protocol }), { namespace, whose });
  if (mesh !== undefined) {
    const { namespace, nodePorts, listeners } = mesh.gateway;
    const ports = [...Object.values(nodePorts), ...listeners.map(({ nodePort }) => nodePort)];
    for (const port of ports) give(port, "TCP", namespace, "the gateway's");
  }
  if (ingress?.standby !== undefined) {
    const { namespace, nodePorts } = ingress.standby;
    for (const port of Object.values(nodePorts)) give(port, "TCP", namespace, "the standby's");
  }
  if (tenancy?.kubesphere !== undefined) {
    const { consoleNodePort, chart } = tenancy.kubesphere;
    give(consoleNodePort, "TCP", chart.namespace, "KubeSphere's console's");
  }
  for (const { name, namespace, ports } of workloads) {
    for (const { nodePort, protocol } of ports) {
      if (nodePort === undefined) continue;
      give(nodePort, transport(protocol), namespace, `workload ${name}'s`);
    }
  }
  return owners;
});

/** What listens on hosts that is no Pod, by host and `portKey`. */
export const hostListeners = ofBlueprint((blueprint) => {
  const { hosts, edge } = blueprint;
  const atEdge: readonly UsedPort[] =
    edge?.own === undefined
      ? []
      : [
          ...edge.ports.map(({ name, port }) => [port, `port ${name} of the edge`] as const),
          [edge.own.proxy.stats.port, "the edge's figures"],
        ];
  return new Map(
    hosts.map(({ name, roles, login }) => {
      const used: readonly UsedPort[] = [
        ...nodeHostPorts(blueprint),
        ...roleHostPorts(roles),
        ...(roles.includes("edge") ? atEdge : []),
        [login.port, "the SSH server"],
      ];
      return [name, new Map(used.map(([port, by]) => [portKey({ port, protocol: "TCP" }), by]))];
    }),
  );
});
