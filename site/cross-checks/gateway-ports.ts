import type { CheckInput, CrossCheck } from "../check-input";
import { nodeHostPorts, sshPort } from "../platform/host-ports";
import { exposed, exposedAt } from "../platform/routes";
import { problem } from "../problems";
import type { Release } from "../schema/release";

/** Ports that proxies of the mesh have for themselves. */
const proxyPorts = { first: 15_000, last: 15_090 };

/** A port of the gateway's own leads to one workload, and nothing else listens there. */
export const gatewayPorts: CrossCheck = {
  reads: [["workloads"], ["ingress"], ["mesh"], ["edge"], ["hosts"], ["access"], ["cluster"]],
  find: (input) => {
    const { site, release } = input;
    if (release === undefined || site.ingress === undefined || site.mesh === undefined) return [];
    const taken = takenPorts(input);
    return Object.entries(release.workloads).flatMap(([name, workload]) =>
      exposedAt(site, name, workload).flatMap((item) => {
        const { port, tcp } = item;
        if (tcp === undefined) return [];
        const proxies = tcp >= proxyPorts.first && tcp <= proxyPorts.last;
        const other = taken.get(tcp) ?? (proxies ? "the mesh's proxies" : undefined);
        taken.set(tcp, other ?? `port ${port} of ${name}`);
        if (other === undefined) return [];
        const path = ["workloads", name, "expose", exposed(workload).indexOf(item), "tcp"];
        const needed = "a port of the gateway that nothing else has";
        return [
          problem(
            "release",
            path,
            needed,
            `${tcp}, which is for ${other}`,
            nextFree(taken, release),
          ),
        ];
      }),
    );
  },
};

/** Ports of the gateway itself, and of the hosts before it. */
function takenPorts({ site, hosts }: CheckInput): Map<number, string> {
  const { edge } = site;
  const own: readonly (readonly [number, string])[] = [
    [80, "HTTP"],
    [443, "HTTPS"],
  ];
  if (edge === undefined) return new Map(own);
  return new Map([
    ...own,
    [edge.http, "HTTP"],
    [edge.https, "HTTPS"],
    ...edge.ports.map(({ name, port }) => [port, `port ${name} of the edge`] as const),
    ...(edge.mode === "keepalived"
      ? [
          [edge.stats.port, "the edge's figures"] as const,
          ...nodeHostPorts(site),
          ...hosts
            .filter(({ host }) => host.roles.includes("edge"))
            .map(({ host }) => sshPort(site, host)),
        ]
      : []),
  ]);
}

function nextFree(taken: ReadonlyMap<number, string>, release: Release): string {
  const wanted = new Set(
    Object.values(release.workloads).flatMap((workload) =>
      exposed(workload).flatMap(({ tcp }) => tcp ?? []),
    ),
  );
  let port = 10_000;
  while (taken.has(port) || wanted.has(port)) port += 1;
  return `choose another, such as ${port}`;
}
