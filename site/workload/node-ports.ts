import { createHash } from "node:crypto";
import { nodePorts, productNodePorts } from "../platform/node-ports";

/** NodePorts that the product's ports get by themselves. */

/** The product's range without the platform's own ports in it. */
export const ownNodePorts: readonly number[] = Array.from(
  { length: productNodePorts.last - productNodePorts.first + 1 },
  (_, at) => productNodePorts.first + at,
).filter((port) => port !== nodePorts.gateway.status);

/**
 * The NodePort of whatever has this name. It follows from the name alone, so that no workload that comes or goes moves
 * another's; that two of them meet is a problem, which one of them ends by stating a number.
 */
export function ownNodePort(name: string): number {
  const digest = createHash("sha256").update(name).digest();
  return ownNodePorts[digest.readUInt32BE() % ownNodePorts.length] ?? productNodePorts.first;
}

/** The NodePort under which the gateway takes connections to one of its own ports. */
export function gatewayNodePort(tcp: number, stated: number | true | undefined): number {
  return typeof stated === "number" ? stated : ownNodePort(`tcp/${tcp}`);
}
