import type { CrossCheck } from "../check-input";
import { writeNearest } from "../nearest";
import { ownValue, type Path } from "../path";
import { nodePortRange, nodePorts } from "../platform/node-ports";
import { exposeDifference, exposedAt, gatewayListeners } from "../platform/routes";
import { type DocumentName, problem, show, siteProblem } from "../problems";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import { ownNodePorts } from "../workload/node-ports";
import {
  nodePortsSuffix,
  portDifference,
  portProtocol,
  sitePorts,
  transport,
} from "../workload/ports";
import { hostPorts } from "./host-ports";

/** Rules over ports of workloads: of Services, of nodes and of hosts. */

const reads = [["workloads"]];

/** Ports are named and numbered once each, and nobody else has the names of their Services. */
const workloadPorts: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    Object.entries(release?.workloads ?? {}).flatMap(([name, workload]) => {
      const suffix = name.endsWith(nodePortsSuffix)
        ? [
            problem(
              "release",
              ["workloads", name],
              `a name without ${nodePortsSuffix}, which ends that of a workload's second Service`,
              show(name),
            ),
          ]
        : [];
      const twice = workload.ports.flatMap((port, at) => {
        const earlier = workload.ports.slice(0, at);
        const where = ["workloads", name, "ports", at];
        const same = (other: typeof port) =>
          other.port === port.port &&
          transport(portProtocol(other)) === transport(portProtocol(port));
        return [
          ...(earlier.some((other) => other.name === port.name)
            ? [problem("release", [...where, "name"], "a name of its own", show(port.name))]
            : []),
          ...(earlier.some(same)
            ? [problem("release", [...where, "port"], "a port of its own", show(port.port))]
            : []),
        ];
      });
      return [...suffix, ...twice];
    }),
};

/** A site changes ports that the workload has. */
const portDifferences: CrossCheck = {
  reads,
  find: ({ site, release }) =>
    Object.entries(site.workloads).flatMap(([name, { ports }]) => {
      const workloads = release?.workloads ?? {};
      const workload = ownValue(workloads, name);
      if (workload === undefined) return [];
      const known = workload.ports.map((port) => port.name);
      return Object.keys(ports)
        .filter((port) => !known.includes(port))
        .map((port) => {
          return siteProblem(
            ["workloads", name, "ports", port],
            `a port of the workload: ${known.join(", ") || "none"}`,
            show(port),
            writeNearest(port, known, "remove it"),
          );
        });
    }),
};

/** Somebody who wants a port of all nodes. */
interface NodePortClaim {
  readonly number: number;
  /** Whether the number stands in a file, rather than following from a name. */
  readonly stated: boolean;
  readonly owner: string;
  readonly document: DocumentName;
  readonly path: Path;
  /** Where a site states another number. */
  readonly atSite: string;
}

/** Nobody has the same port of all nodes as anybody else. */
const nodePortClashes: CrossCheck = {
  reads: [...reads, ["tenancy"], ["mesh"], ["ingress"], ["edge"], ["hosts"]],
  find: ({ site, release }) => {
    if (release === undefined) return [];
    const all = [...portClaims(site, release), ...listenerClaims(site, release)];
    // What follows from a name gives way to what is stated, and the site to the release: it can be changed there.
    const rank = ({ stated, document }: NodePortClaim) =>
      stated ? (document === "release" ? 0 : 1) : 2;
    const claims = [...all].sort((one, other) => rank(one) - rank(other));
    const taken = platformNodePorts(site);
    const wanted = new Set([...taken.keys(), ...claims.map(({ number }) => number)]);
    return claims.flatMap((claim) => {
      const other = taken.get(claim.number);
      taken.set(claim.number, other ?? claim.owner);
      if (other === undefined) return [];
      const free = ownNodePorts.find((port) => !wanted.has(port));
      if (free !== undefined) wanted.add(free);
      const given = claim.stated
        ? `${claim.number}, which is ${other}'s`
        : `true, which for ${claim.owner} is ${claim.number}, and that is ${other}'s`;
      const next =
        free === undefined
          ? `state one from ${nodePortRange.first} to ${nodePortRange.last} that is free`
          : `state ${free}, which is free, here or for one site under ${claim.atSite}`;
      const needed = "a NodePort that nothing else has";
      return [problem(claim.document, claim.path, needed, given, next)];
    });
  },
};

function platformNodePorts({ tenancy }: Site): Map<number, string> {
  return new Map([
    ...Object.values(nodePorts.gateway).map((port) => [port, "the gateway"] as const),
    ...Object.values(nodePorts.standby).map((port) => [port, "the standby"] as const),
    ...(tenancy?.kubesphere === undefined
      ? []
      : [[tenancy.kubesphere.consoleNodePort, "KubeSphere's console"] as const]),
  ]);
}

function portClaims(site: Site, release: Release): readonly NodePortClaim[] {
  return Object.entries(release.workloads).flatMap(([name, workload]) =>
    sitePorts(site, name, workload).flatMap(({ name: port, nodePort }, at) => {
      if (nodePort === undefined) return [];
      const own = portDifference(site, name, port)?.nodePort;
      const atSite = `workloads.${name}.ports.${port}.nodePort`;
      return [
        {
          number: nodePort,
          stated: (own ?? workload.ports[at]?.nodePort) !== true,
          owner: `port ${port} of ${name}`,
          ...(own === undefined
            ? { document: "release", path: ["workloads", name, "ports", at, "nodePort"] }
            : { document: "site", path: ["workloads", name, "ports", port, "nodePort"] }),
          atSite,
        },
      ];
    }),
  );
}

function listenerClaims(site: Site, release: Release): readonly NodePortClaim[] {
  const numbers = new Map(gatewayListeners(site, release).map((one) => [one.port, one.nodePort]));
  return Object.entries(release.workloads).flatMap(([name, workload]) =>
    exposedAt(site, name, workload).flatMap((item) => {
      const { port, tcp, nodePort } = item;
      const number = tcp === undefined ? undefined : numbers.get(tcp);
      if (number === undefined) return [];
      const own = exposeDifference(site, name, port)?.nodePort;
      const at = "expose" in workload ? workload.expose.indexOf(item) : 0;
      return [
        {
          number,
          stated: typeof (own ?? nodePort) === "number",
          owner: `TCP port ${tcp} of the gateway`,
          ...(own === undefined
            ? { document: "release", path: ["workloads", name, "expose", at, "nodePort"] }
            : { document: "site", path: ["workloads", name, "expose", port, "nodePort"] }),
          atSite: `workloads.${name}.expose.${port}.nodePort`,
        },
      ];
    }),
  );
}

/** Every rule over ports of workloads. */
export const portChecks: readonly CrossCheck[] = [
  workloadPorts,
  portDifferences,
  nodePortClashes,
  hostPorts,
];
