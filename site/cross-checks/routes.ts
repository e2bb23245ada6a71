import type { CheckInput, CrossCheck } from "../check-input";
import { writeNearest } from "../nearest";
import { ownValue, type Path } from "../path";
import { type Exposed, exposeDifference, exposed } from "../platform/routes";
import { type Problem, problem, show, siteProblem } from "../problems";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import type { PortProtocol } from "../schema/workload-network";
import { portProtocol } from "../workload/ports";

/** Rules over what workloads expose, in the release and in the site's differences from it. */

const reads = [["workloads"], ["ingress"], ["mesh"], ["edge"], ["hosts"]];

/** What a choice between gateway and standby lacks at a site; empty when it is there. */
export function standbyOrGateway(
  via: "gateway" | "standby",
  { ingress, mesh }: Pick<Site, "ingress" | "mesh">,
): readonly string[] {
  if (via === "gateway" && mesh === undefined) return ["a site with a mesh: it has the gateway"];
  if (via === "standby" && ingress?.standby === false) return ["ingress.standby to be true"];
  return [];
}

/** What is exposed are ports of the workload, once each, and whoever is to serve them is there. */
export const exposedPorts: CrossCheck = {
  reads,
  find: (input) =>
    Object.entries(input.release?.workloads ?? {}).flatMap(([name, workload]) => [
      ...ofRelease(name, workload, input.site),
      ...ofSite(name, workload, input),
    ]),
};

function ofRelease(name: string, workload: ReleaseWorkload, site: Site): readonly Problem[] {
  const items = exposed(workload);
  const ports = workload.ports.map((port) => port.name);
  return items.flatMap((item, at) => {
    const { port, via } = item;
    const where = ["workloads", name, "expose", at];
    const problems: Problem[] = [];
    const target = workload.ports.find((one) => one.name === port);
    if (target === undefined) {
      const known = ports.length === 0 ? "none" : ports.join(", ");
      const next = writeNearest(port, ports);
      const needed = `a port of the workload: ${known}`;
      problems.push(problem("release", [...where, "port"], needed, show(port), next));
    } else if (items.slice(0, at).some((other) => other.port === port)) {
      const next = "put all host names under one of them";
      const needed = "a port that is exposed once";
      problems.push(problem("release", [...where, "port"], needed, show(port), next));
    } else {
      problems.push(...shapeProblems(item, portProtocol(target), where));
    }
    const own = exposeDifference(site, name, port);
    if (site.ingress === undefined || own?.off === true) return problems;
    if (item.tcp !== undefined && site.mesh === undefined) {
      const needed = "a site with a mesh: TCP is served by its gateway only";
      const next = `add the key mesh to the site, or state workloads.${name}.expose.${port}.off: true there and let nodePort serve`;
      return [...problems, problem("release", [...where, "tcp"], needed, show(item.tcp), next)];
    }
    if (via === undefined || own?.via !== undefined || item.tcp !== undefined) return problems;
    const lacks = standbyOrGateway(via, site).map((needed) =>
      problem(
        "release",
        [...where, "via"],
        needed,
        show(via),
        `remove it, or state workloads.${name}.expose.${port}.via in the site`,
      ),
    );
    return [...problems, ...lacks];
  });
}

/** What is stated of an exposed port goes together, and with what is spoken there. */
function shapeProblems(item: Exposed, protocol: PortProtocol, where: Path): readonly Problem[] {
  const { tcp, tls, hosts, path, via, nodePort } = item;
  const fault = (key: string, needed: string, given: unknown, next?: string) =>
    problem("release", [...where, key], needed, show(given), next);
  if (tcp !== undefined) {
    const names = "nothing beside tcp, whose connections tell no name and no path";
    return [
      ...(protocol === "udp"
        ? [fault("port", "a TCP port", protocol, "use nodePort for UDP")]
        : []),
      ...(hosts.length > 0 ? [fault("hosts", names, hosts, "remove it")] : []),
      ...(path !== "/" ? [fault("path", names, path, "remove it")] : []),
      ...(tls !== undefined ? [fault("tls", names, tls, "remove it")] : []),
      ...(via !== undefined ? [fault("via", "nothing beside tcp", via, "remove it")] : []),
    ];
  }
  const numbered =
    nodePort === undefined
      ? []
      : [
          fault(
            "nodePort",
            "tcp beside it, or the key in the workload's ports: names share the gateway's NodePorts",
            nodePort,
          ),
        ];
  if (tls === "passthrough") {
    return [
      ...numbered,
      ...(protocol === "https" || protocol === "tcp"
        ? []
        : [fault("tls", "a port of protocol https: the workload itself does the TLS", protocol)]),
      ...(path === "/" ? [] : [fault("path", "no path: what is encrypted tells none", path)]),
    ];
  }
  if (protocol === "https") {
    const needed = "passthrough: the workload speaks TLS itself on this port";
    return [...numbered, fault("tls", needed, undefined, "state tls: passthrough")];
  }
  return protocol === "tcp" || protocol === "udp"
    ? [
        ...numbered,
        fault(
          "port",
          "a port on which http, http2 or grpc is spoken",
          protocol,
          "begin its name with http or grpc, state its protocol, or state tcp here",
        ),
      ]
    : numbered;
}

function ofSite(name: string, workload: ReleaseWorkload, { site }: CheckInput): readonly Problem[] {
  const own = ownValue(site.workloads, name);
  const items = exposed(workload);
  const ports = items.map(({ port }) => port);
  return Object.entries(own?.expose ?? {}).flatMap(([port, { via, hosts, nodePort }]) => {
    const where = ["workloads", name, "expose", port];
    if (site.ingress === undefined) {
      const next = "add the key ingress to the site, or remove it here";
      return [siteProblem(where, "a site with an ingress", show(port), next)];
    }
    if (!ports.includes(port)) {
      const next = writeNearest(port, ports, "remove it");
      const needed = `a port that the release exposes: ${ports.join(", ") || "none"}`;
      return [siteProblem(where, needed, show(port), next)];
    }
    const tcp = items.find((item) => item.port === port)?.tcp;
    if (tcp !== undefined) {
      const needed = "nothing: the release exposes it by tcp, which has no name and one server";
      return Object.entries({ via, hosts })
        .filter(([, given]) => given !== undefined)
        .map(([key, given]) => siteProblem([...where, key], needed, show(given), "remove it"));
    }
    return [
      ...(nodePort === undefined
        ? []
        : [
            siteProblem(
              [...where, "nodePort"],
              "a port that the release exposes by tcp",
              show(nodePort),
              `remove it; a port of nodes is workloads.${name}.ports.${port}.nodePort`,
            ),
          ]),
      ...(via === undefined
        ? []
        : standbyOrGateway(via, site).map((needed) =>
            siteProblem([...where, "via"], needed, show(via)),
          )),
    ];
  });
}
