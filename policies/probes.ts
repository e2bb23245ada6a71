import { z } from "zod";
import { show } from "../site/problems";
import { fields, items, type KubernetesObject } from "./support/objects";
import { makerOf } from "./support/pod-makers";
import { containersOf, type PlacedContainer, podTemplate } from "./support/pods";
import {
  type ProbeException,
  type ProbeName,
  platformProbeExceptions,
  probeException,
} from "./support/probe-exceptions";
import { type Finding, subjectRule } from "./support/rule";

const settings = z.strictObject({
  ownPorts: z
    .array(z.string().min(1, { error: "the name of a port" }))
    .default([
      "metrics",
      "http-metrics",
      "http-monitoring",
      "http-envoy-prom",
      "health",
      "healthz",
      "http-healthz",
      "healthcheck",
    ])
    .describe(
      "Names of ports by which a container only tells of itself: who has no other serves nobody.",
    ),
  also: z
    .array(probeException)
    .default([])
    .describe("Containers that do without a probe, besides the platform's own."),
});

export const probes = subjectRule({
  name: "probes",
  description:
    "Every container that serves for good is asked whether it is ready and whether it still lives, in a way that can be answered.",
  why: "Without readiness, callers are sent to a Pod that is not up yet and an update goes on over one that never comes up; without liveness, what hangs does so until somebody notices.",
  severity: "medium",
  remedy:
    "state a probe with httpGet, tcpSocket, grpc or exec; in a release, `probe` of the workload",
  settings,
  *judge({ object }, { blueprint, settings: { ownPorts, also } }) {
    const template = podTemplate(object);
    if (object === undefined || template === undefined) return;
    const { restartPolicy = "Always" } = template.spec;
    if (!template.endless || restartPolicy !== "Always") return;
    for (const placed of containersOf(template)) {
      if (placed.role === "init") continue;
      yield* unanswerable(placed);
      const ports = servedPorts(placed, ownPorts);
      if (ports.length === 0) continue;
      for (const probe of ["readinessProbe", "livenessProbe"] as const) {
        if (isStated(placed, probe)) continue;
        const exceptions = [...platformProbeExceptions(blueprint), ...also];
        if (exceptions.some((one) => isAbout(one, object, placed, probe))) continue;
        yield {
          path: `${placed.path}.${probe}`,
          needed: `a probe, since it serves by ${ports.join(", ")}`,
          given: "nothing",
          absent: true,
        };
      }
    }
  },
});

/** Names or numbers of the ports by which a container serves others. */
function servedPorts({ container }: PlacedContainer, ownPorts: readonly string[]) {
  return items(fields(container).ports)
    .map(fields)
    .filter(({ name }) => typeof name !== "string" || !ownPorts.includes(name))
    .map(({ name, containerPort }) => `port ${String(name ?? containerPort)}`);
}

function isStated({ container }: PlacedContainer, probe: ProbeName): boolean {
  const stated = fields(container)[probe];
  return stated !== undefined && stated !== null;
}

function isAbout(
  exception: ProbeException,
  object: KubernetesObject,
  { name }: PlacedContainer,
  probe: ProbeName,
): boolean {
  return (
    exception.pods === makerOf(object) && exception.container === name && exception.probe === probe
  );
}

/** Probes that are there but cannot be answered. */
function* unanswerable({ path, container }: PlacedContainer): Iterable<Finding> {
  const all = fields(container);
  const names = items(all.ports).map((port) => fields(port).name);
  for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
    const stated = all[probe];
    if (stated === undefined || stated === null) continue;
    const where = `${path}.${probe}`;
    const ways = ["httpGet", "tcpSocket", "grpc", "exec"].filter(
      (way) => fields(stated)[way] !== undefined,
    );
    if (ways.length !== 1) {
      const given = ways.length === 0 ? "none of them" : ways.join(" and ");
      yield { path: where, needed: "one of httpGet, tcpSocket, grpc and exec", given };
      continue;
    }
    const { httpGet, tcpSocket } = fields(stated);
    const { port } = fields(httpGet ?? tcpSocket);
    if (typeof port !== "string" || /^\d+$/.test(port) || names.includes(port)) continue;
    yield {
      path: `${where}.${ways[0]}.port`,
      needed: "the name of one of the container's ports, or a number",
      given: show(port),
      // A patch does not show what ports there are besides.
      absent: true,
    };
  }
}
