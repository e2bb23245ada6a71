import { ownValue } from "../path";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import { type PortProtocol, portProtocols } from "../schema/workload-network";
import { ownNodePort } from "./node-ports";
import type { PortBlueprint } from "./workload-types";

/** Ports of a workload at a site. */

/** Ends the name of the Service whose ports are open on every node. */
export const nodePortsSuffix = "-node-ports";

/** What is spoken on a port: what it states, else what its name begins with, as Istio reads it. */
export function portProtocol({
  name,
  protocol,
}: {
  readonly name: string;
  readonly protocol?: PortProtocol | undefined;
}): PortProtocol {
  const [first] = name.split("-");
  return protocol ?? portProtocols.find((known) => known === first) ?? "tcp";
}

/** What carries the protocol. */
export function transport(protocol: PortProtocol): "TCP" | "UDP" {
  return protocol === "udp" ? "UDP" : "TCP";
}

/** A site's differences of a port. */
export function portDifference(site: Pick<Site, "workloads">, workload: string, port: string) {
  const own = ownValue(site.workloads, workload)?.ports;
  return ownValue(own, port);
}

/** Ports of a workload with everything that release and site say of them. */
export function sitePorts(
  site: Pick<Site, "workloads">,
  name: string,
  { namespace, ports }: Pick<ReleaseWorkload, "namespace" | "ports">,
): readonly PortBlueprint[] {
  return ports.map((port) => {
    const difference = portDifference(site, name, port.name);
    const nodePort = difference?.nodePort ?? port.nodePort ?? false;
    const hostPort = difference?.hostPort ?? port.hostPort;
    return {
      name: port.name,
      port: port.port,
      protocol: portProtocol(port),
      ...(nodePort !== false && {
        nodePort: nodePort === true ? ownNodePort(`${namespace}/${name}/${port.name}`) : nodePort,
      }),
      ...(hostPort !== undefined && { hostPort }),
    };
  });
}

/** Whether a port takes connections that nothing of the mesh stands before. */
export function openOnNodes({ nodePort, hostPort }: PortBlueprint): boolean {
  return nodePort !== undefined || hostPort !== undefined;
}
