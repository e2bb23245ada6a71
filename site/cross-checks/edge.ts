import type { CheckInput, CrossCheck } from "../check-input";
import { addressNumber, contains, formatNetwork, parseNetwork } from "../network";
import type { Path } from "../path";
import { defaultEndpointRouterId } from "../platform/edge";
import { nodeHostPorts, sshPort } from "../platform/host-ports";
import { nodePorts } from "../platform/node-ports";
import { type Problem, show, siteProblem } from "../problems";

const edgePath = ["edge"];
const endpointPath = ["cluster", "endpoint"];
const addressKeys = ["address", "secondAddress"] as const;

/** The mode, the edge hosts and the addresses fit together. */
export const edgeMode: CrossCheck = {
  reads: [edgePath, ["hosts"]],
  find: ({ hosts, site: { edge } }) => {
    if (edge === undefined) return [];
    const count = hosts.filter(({ host }) => host.roles.includes("edge")).length;
    const problems: Problem[] = [];
    if (edge.address === undefined) {
      const whose = edge.mode === "keepalived" ? "that the edge hosts share" : "of the balancer";
      problems.push(siteProblem([...edgePath, "address"], `the address ${whose}`, "nothing"));
    }
    if (edge.mode === "keepalived" && count < 2) {
      const needed = "at least two hosts with the role edge: a single one has nobody to take over";
      const next = "give another host the role edge, or use mode external";
      problems.push(siteProblem([...edgePath, "mode"], needed, `${count}`, next));
    }
    if (edge.mode === "external" && edge.secondAddress !== undefined) {
      const path = [...edgePath, "secondAddress"];
      const needed = "no second address with mode external";
      problems.push(siteProblem(path, needed, show(edge.secondAddress), "remove it"));
    }
    return problems;
  },
};

/** Shared addresses are free, and lie in the network of the hosts that share them. */
export const edgeAddresses: CrossCheck = {
  reads: [edgePath, ["hosts"], ["cluster"]],
  find: (input) => {
    const { edge } = input.site;
    if (edge === undefined) return [];
    return addressKeys.flatMap((key) => {
      const address = edge[key];
      if (address === undefined) return [];
      const path = [...edgePath, key];
      const taken = takenBy(address, input) ?? secondOf(key, input);
      const next = "choose one that no machine of the network has";
      return [
        ...(taken === undefined
          ? []
          : [siteProblem(path, "a free address", `${show(address)}, which is ${taken}`, next)]),
        ...(edge.mode === "keepalived" ? outside(address, path, input, "edge") : []),
      ];
    });
  },
};

/** The API servers' shared address lies in the network of the hosts that share it. */
export const endpointNetwork: CrossCheck = {
  reads: [endpointPath, ["hosts"], edgePath],
  find: (input) => {
    const { mode, address } = input.site.cluster.endpoint;
    if (mode !== "keepalived" || address === undefined) return [];
    return outside(address, [...endpointPath, "address"], input, "control-plane");
  },
};

/** Every VRRP group of the site has a router id of its own. */
export const routerIds: CrossCheck = {
  reads: [edgePath, endpointPath],
  find: ({ site: { edge, cluster } }) => {
    const { mode, routerId = defaultEndpointRouterId } = cluster.endpoint;
    if (edge?.mode !== "keepalived") return [];
    const own =
      edge.secondAddress === undefined ? [edge.routerId] : [edge.routerId, edge.routerId + 1];
    const path = [...edgePath, "routerId"];
    if (own.some((id) => id > 255)) {
      const needed = "at most 254, since the second address has the next one";
      return [siteProblem(path, needed, `${edge.routerId}`)];
    }
    if (mode !== "keepalived" || !own.includes(routerId)) return [];
    const needed = `router ids other than the endpoint's ${routerId}`;
    return [siteProblem(path, needed, own.join(" and "), "choose another")];
  },
};

/** No two things listen on one port of an edge host. */
export const edgePortClashes: CrossCheck = {
  reads: [edgePath, ["hosts"], ["access", "port"], [...endpointPath]],
  find: (input) => {
    const { edge } = input.site;
    if (edge === undefined) return [];
    const wanted = [
      { what: "edge.http", port: edge.http, path: [...edgePath, "http"] },
      { what: "edge.https", port: edge.https, path: [...edgePath, "https"] },
      ...edge.ports.map(({ name, port }, at) => ({
        what: `port ${name} of the edge`,
        port,
        path: [...edgePath, "ports", at, "port"],
      })),
      ...(edge.mode === "keepalived"
        ? [{ what: "edge.stats", port: edge.stats.port, path: [...edgePath, "stats", "port"] }]
        : []),
    ];
    const taken = new Map(edge.mode === "keepalived" ? hostPorts(input) : []);
    return wanted.flatMap(({ what, port, path }) => {
      const other = taken.get(port);
      taken.set(port, other ?? what);
      if (other === undefined) return [];
      const needed = "a port that nothing else uses on an edge host";
      return [siteProblem(path, needed, `${port}, which is for ${other}`)];
    });
  },
};

/** Further ports have names and NodePorts of their own. */
export const edgeFurtherPorts: CrossCheck = {
  reads: [edgePath],
  find: ({ site: { edge } }) => {
    const fixed = [...Object.values(nodePorts.gateway), ...Object.values(nodePorts.standby)];
    const ports = new Set<number>(fixed);
    const names = new Set(ownNames);
    return (edge?.ports ?? []).flatMap(({ name, nodePort }, at) => {
      const path = [...edgePath, "ports", at];
      const problems = [
        ...(names.has(name)
          ? [siteProblem([...path, "name"], "a name that no other port has", show(name))]
          : []),
        ...(ports.has(nodePort)
          ? [siteProblem([...path, "nodePort"], "a NodePort that nothing else has", `${nodePort}`)]
          : []),
      ];
      names.add(name);
      ports.add(nodePort);
      return problems;
    });
  },
};

/** Every rule over the site's edge and over addresses that hosts share. */
export const edgeChecks: readonly CrossCheck[] = [
  edgeMode,
  edgeAddresses,
  endpointNetwork,
  routerIds,
  edgePortClashes,
  edgeFurtherPorts,
];

/** Names of what the proxy has besides further ports. */
const ownNames = ["http", "https", "monitor", "stats", "clients"];

/** Who has an address already, in words. */
function takenBy(address: string, { hosts, site }: CheckInput): string | undefined {
  const host = hosts.find(({ host }) => host.address === address)?.host.name;
  if (host !== undefined) return `host ${host}`;
  if (site.cluster.endpoint.address === address && !oneBalancer(site)) {
    return "the API servers' endpoint";
  }
  if (site.access.bastion?.address === address) return "the jump host";
  if (site.ntpServers.includes(address)) return "a time server";
  const networks = [
    { name: "podCidr", cidr: site.cluster.podCidr },
    { name: "serviceCidr", cidr: site.cluster.serviceCidr },
  ];
  return networks
    .filter(({ cidr }) => holds(cidr, address))
    .map(({ name, cidr }) => `in cluster.${name} ${cidr}`)[0];
}

/** Whether one balancer of the customer's can serve clients and the API servers, on different ports. */
function oneBalancer({ edge, cluster }: CheckInput["site"]): boolean {
  if (edge?.mode !== "external" || cluster.endpoint.mode !== "external") return false;
  const ports = [edge.http, edge.https, ...edge.ports.map(({ port }) => port)];
  return !ports.includes(cluster.endpoint.port);
}

function secondOf(key: (typeof addressKeys)[number], { site }: CheckInput): string | undefined {
  const twice = key === "secondAddress" && site.edge?.secondAddress === site.edge?.address;
  return twice ? "edge.address" : undefined;
}

/** A shared address outside the network of any of its hosts could not be reached where it moves to. */
function outside(
  address: string,
  path: Path,
  { hosts, site }: CheckInput,
  role: "edge" | "control-plane",
): readonly Problem[] {
  const prefix = site.edge?.prefixLength ?? 24;
  const network = parseNetwork(`${address}/${prefix}`);
  if (network === undefined) return [];
  const away = hosts.filter(
    ({ host }) => host.roles.includes(role) && !contains(network, host.address),
  );
  const needed = `an address in the network of every ${role} host`;
  const edges = [network.first, network.last].includes(addressNumber(address));
  const problems: Problem[] = [];
  if (away[0] !== undefined) {
    const given = `${show(address)} in ${formatNetwork(network)}, but ${away[0].host.name} has ${away[0].host.address}`;
    const next = "move it, or state the network's size in edge.prefixLength";
    problems.push(siteProblem(path, needed, given, next));
  } else if (edges) {
    const given = `${show(address)}, which is the network's own or its broadcast address`;
    problems.push(siteProblem(path, needed, given));
  }
  return problems;
}

function holds(cidr: string, address: string): boolean {
  const network = parseNetwork(cidr);
  return network !== undefined && contains(network, address);
}

/** Ports that are in use on edge hosts, whatever the site states under `edge`, and what for. */
function hostPorts({ hosts, site }: CheckInput): readonly (readonly [number, string])[] {
  const edges = hosts.filter(({ host }) => host.roles.includes("edge"));
  return [
    ...nodePortEntries(site.edge?.ports ?? []),
    ...nodeHostPorts(site),
    ...edges.map(({ host }) => sshPort(site, host)),
  ];
}

function nodePortEntries(
  ports: readonly { readonly name: string; readonly nodePort: number }[],
): readonly (readonly [number, string])[] {
  const { gateway, standby } = nodePorts;
  return [
    ...Object.values(gateway).map((port) => [port, "the gateway's NodePort"] as const),
    ...Object.values(standby).map((port) => [port, "the standby's NodePort"] as const),
    ...ports.map(({ name, nodePort }) => [nodePort, `the NodePort of ${name}`] as const),
  ];
}
