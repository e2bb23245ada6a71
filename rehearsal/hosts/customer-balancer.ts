import type { Blueprint } from "../../site/blueprint-types";
import type { EdgePort } from "../../site/platform/edge-types";
import type { SimulatedHost } from "../simulated-site";

/** One thing that the customer's balancer forwards. */
interface Forward {
  readonly name: string;
  readonly port: number;
  /** Lines of the backend. */
  readonly servers: readonly string[];
}

/**
 * The customer's own balancers, as machines of the rehearsal: one for each address that the site leaves to the customer. They do
 * what the site tells the customer to set up, by a real haproxy; nobody can log in to them.
 */
export function customerBalancers(blueprint: Blueprint): readonly SimulatedHost[] {
  const forwards = new Map<string, Forward[]>();
  const add = (address: string, forward: Forward) =>
    forwards.set(address, [...(forwards.get(address) ?? []), forward]);
  const { cluster, edge, hosts } = blueprint;
  if (cluster.endpoint.mode === "external") {
    const servers = hosts
      .filter(({ name }) => cluster.groups.controlPlane.includes(name))
      .map(({ name, address }) => `server ${name} ${address}:6443 check`);
    add(cluster.endpoint.address, { name: "api-server", port: cluster.endpoint.port, servers });
  }
  if (edge?.mode === "external") {
    for (const address of edge.addresses) {
      for (const port of edge.ports) {
        const servers = edgeServers(port, edge.proxyProtocol);
        add(address, { name: port.name, port: port.port, servers });
      }
    }
  }
  return [...forwards].map(([address, list], at) => ({
    name: at === 0 ? "customer-balancer" : `customer-balancer-${at + 1}`,
    address,
    cpus: 1,
    memoryGiB: 1,
    diskGiB: 10,
    logins: [{ user: "customer", authorizedKeys: [], sudo: "none" }],
    haproxy: balancerConfig(list),
  }));
}

function edgeServers({ gateway, standby }: EdgePort, proxyProtocol: boolean): readonly string[] {
  const lines = (kind: string, { hosts, nodePort, health }: EdgePort["gateway"], more: string) =>
    hosts.map(({ host, address }) => {
      const told = proxyProtocol && health !== undefined ? " send-proxy-v2" : "";
      const check = health === undefined ? "check" : `check port ${health.port}`;
      return `server ${kind}-${host} ${address}:${nodePort} ${check}${told}${more}`;
    });
  return [
    "option allbackups",
    ...lines("gateway", gateway, ""),
    ...(standby === undefined ? [] : lines("standby", standby, " backup")),
  ];
}

function balancerConfig(forwards: readonly Forward[]): string {
  return [
    "# Simulated: stands for the balancer that the customer has.",
    "global\n  maxconn 1000",
    "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 5m\n  timeout server 5m",
    "  timeout check 2s\n  default-server inter 1s fall 2 rise 1",
    ...forwards.flatMap(({ name, port, servers }) => [
      `listen ${name}`,
      `  bind :${port}`,
      ...servers.map((line) => `  ${line}`),
    ]),
    "",
  ].join("\n");
}
