import { eligibleHosts } from "../capacity";
import type { CheckInput, CrossCheck } from "../check-input";
import { ownValue } from "../path";
import { usedHostPorts } from "../platform/host-ports";
import { nodePortRange } from "../platform/node-ports";
import { problem, show, siteProblem } from "../problems";
import type { Release } from "../schema/release";
import type { SiteHost } from "../schema/site";
import { portDifference, transport } from "../workload/ports";
import { derivedWorkloads } from "./derived";

/** What a workload wants of each host that runs one of its Pods. */
interface HostPortClaim {
  readonly port: number;
  readonly transport: "TCP" | "UDP";
  readonly owner: string;
  readonly hosts: readonly SiteHost[];
}

/** Ports of hosts are free on every host that may run the Pod, and Pods of one workload keep apart. */
export const hostPorts: CrossCheck = {
  reads: [["workloads"], ["hosts"], ["edge"], ["mesh"], ["ingress"], ["cluster"], ["access"]],
  find: (input) => {
    const { site, release } = input;
    if (release === undefined) return [];
    const earlier: HostPortClaim[] = [];
    return derivedWorkloads(input).flatMap((workload) =>
      workload.ports.flatMap(({ name: port, hostPort, protocol }) => {
        if (hostPort === undefined) return [];
        const at = release.workloads[workload.name]?.ports.findIndex(({ name }) => name === port);
        const own = portDifference(site, workload.name, port)?.hostPort;
        const fault = (needed: string, given: string, next?: string) =>
          own === undefined
            ? problem(
                "release",
                ["workloads", workload.name, "ports", at ?? 0, "hostPort"],
                needed,
                given,
                next,
              )
            : siteProblem(
                ["workloads", workload.name, "ports", port, "hostPort"],
                needed,
                given,
                next,
              );
        const claim = {
          port: hostPort,
          transport: transport(protocol),
          owner: `port ${port} of ${workload.name}`,
          hosts: eligibleHosts(site, workload.nodeSelector, workload.tolerates),
        };
        const other = takenBy(claim, earlier, input);
        earlier.push(claim);
        const level = podSecurityLevel(release, workload.namespace);
        return [
          ...(other === undefined
            ? []
            : [fault("a port that nothing else has on those hosts", `${hostPort}, ${other}`)]),
          ...(level === "privileged"
            ? []
            : [
                fault(
                  `a namespace of the Pod security level privileged: ${workload.namespace} has ${level}`,
                  show(hostPort),
                  `use nodePort, or state namespaces.${workload.namespace}.podSecurity with the reason`,
                ),
              ]),
          ...(workload.kind === "Deployment" && workload.antiAffinity !== "required"
            ? [
                fault(
                  "antiAffinity required: two Pods with one port of the host never share a host",
                  show(workload.antiAffinity),
                  `state workloads.${workload.name}.antiAffinity: required`,
                ),
              ]
            : []),
          ...(workload.replicas > claim.hosts.length
            ? [
                fault(
                  `at most ${claim.hosts.length} Pods, as many as hosts may run them`,
                  `replicas ${workload.replicas}`,
                ),
              ]
            : []),
        ];
      }),
    );
  },
};

function podSecurityLevel({ namespaces }: Release, name: string): string {
  const namespace = ownValue(namespaces, name);
  return namespace?.podSecurity.level ?? "none";
}

/** Who has a port of one of the hosts already, in words. */
function takenBy(
  claim: HostPortClaim,
  earlier: readonly HostPortClaim[],
  { site, release }: CheckInput,
): string | undefined {
  if (claim.port >= nodePortRange.first && claim.port <= nodePortRange.last) {
    return "which lies among the NodePorts";
  }
  const other = earlier.find(
    (one) =>
      one.port === claim.port &&
      one.transport === claim.transport &&
      one.hosts.some(({ name }) => claim.hosts.some((host) => host.name === name)),
  );
  if (other !== undefined) return `which is ${other.owner}'s`;
  if (release === undefined || claim.transport === "UDP") return undefined;
  const used = claim.hosts.flatMap(
    (host) => usedHostPorts(site, release, host).get(claim.port) ?? [],
  );
  return used[0] === undefined ? undefined : `which is for ${used[0]}`;
}
