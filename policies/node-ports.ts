import { z } from "zod";
import { nodePortRange } from "../site/platform/node-ports";
import { inTurn } from "./support/in-turn";
import type { ObjectSubject } from "./support/inventory";
import { fields, items, namespaceOf } from "./support/objects";
import {
  type HostPortClaim,
  hostListeners,
  hostPortClaims,
  nodePortClaims,
  nodePortOwners,
  type PortClaim,
  portKey,
} from "./support/port-claims";
import { type Finding, type FindingAbout, type RuleContext, wholeRule } from "./support/rule";
import { Unknowns } from "./support/unknowns";

const { first, last } = nodePortRange;

const settings = z.strictObject({
  loadBalancers: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe("Whether something at the site gives addresses to Services of type LoadBalancer."),
});

type Context = RuleContext<z.output<typeof settings>>;
type Claimed<Claim> = Claim & { readonly about: ObjectSubject };

export const nodePorts = wholeRule({
  name: "node-ports",
  description:
    "NodePorts are stated and in range, and no two things want the same port of a node, be it a Service's or a Pod's.",
  why: "Of two Services with one NodePort the second is refused in the middle of an update; of two Pods with one port of the host the second never starts; and a number that nobody stated is in no firewall.",
  severity: "high",
  remedy: `state a number from ${first} to ${last} that is free, or state none for the workload in the release`,
  settings,
  *judgeAll(inventory, context) {
    const unknowns = new Unknowns();
    const services = inTurn(inventory.of("Service"));
    for (const about of services) yield* unknowns.without(() => typeFaults(about, context));
    const opened = services.flatMap((about) =>
      unknowns.without(() => nodePortClaims(about.object).map((claim) => ({ ...claim, about }))),
    );
    yield* nodePortFaults(opened, context);
    const { blueprint } = context;
    const listening = inTurn(inventory.objects).flatMap((about) =>
      unknowns.without(() =>
        hostPortClaims(about.object, blueprint).map((claim) => ({ ...claim, about })),
      ),
    );
    yield* hostPortFaults(listening, context);
    unknowns.tell();
  },
});

/** What a Service leaves to chance, or to somebody who is not there. */
function* typeFaults(
  about: ObjectSubject,
  { settings: { loadBalancers } }: Context,
): Iterable<FindingAbout> {
  const { type, ports, allocateLoadBalancerNodePorts } = fields(about.object.spec);
  const balanced = type === "LoadBalancer";
  if (balanced && !loadBalancers) {
    yield {
      about,
      path: "spec.type",
      needed: "NodePort or ClusterIP, since nothing here gives addresses to others",
      given: "LoadBalancer",
      next: "expose the workload in the release, or let it have a nodePort there",
    };
    return;
  }
  if (type !== "NodePort" && (!balanced || allocateLoadBalancerNodePorts === false)) return;
  for (const [at, port] of items(ports).entries()) {
    if (fields(port).nodePort) continue;
    const path = `spec.ports[${at}].nodePort`;
    yield { about, path, needed: "a stated number", given: "nothing", absent: true };
  }
}

function* nodePortFaults(
  claims: readonly Claimed<PortClaim>[],
  { blueprint }: Context,
): Iterable<FindingAbout> {
  const taken = new Map<string, Claimed<PortClaim>>();
  for (const claim of claims) {
    const { about, path, port } = claim;
    const key = portKey(claim);
    const owner = nodePortOwners(blueprint).get(key);
    const other = taken.get(key);
    taken.set(key, other ?? claim);
    if (port < first || port > last) {
      yield { about, path, needed: `a number from ${first} to ${last}`, given: String(port) };
    } else if (owner !== undefined && owner.namespace !== namespaceOf(about.object)) {
      yield { about, path, ...clash(claim, `is ${owner.whose}`) };
    } else if (other !== undefined) {
      yield { about, path, ...clash(claim, `${other.about.title} has`) };
    }
  }
}

function* hostPortFaults(
  claims: readonly Claimed<HostPortClaim>[],
  { blueprint }: Context,
): Iterable<FindingAbout> {
  const earlier = new Map<string, Claimed<HostPortClaim>[]>();
  for (const claim of claims) {
    const { about, path, port } = claim;
    const key = portKey(claim);
    const others = earlier.get(key) ?? [];
    earlier.set(key, [...others, claim]);
    if (port >= first && port <= last) {
      const needed = "a port of the host that is none of the NodePorts";
      const next = `choose one below ${first}`;
      yield { about, path, needed, given: String(port), next };
      continue;
    }
    const listener = [...claim.hosts].flatMap((host) => {
      const by = hostListeners(blueprint).get(host)?.get(key);
      return by === undefined ? [] : [`is for ${by} on ${host}`];
    })[0];
    const next = "choose another port, or keep the Pods to other nodes";
    const said = listener ?? others.map((other) => meeting(claim, other)).find((one) => one !== "");
    if (said !== undefined) yield { about, path, ...clash(claim, said), next };
  }
}

/** How two Pods come to want the same port of one host; "" where they do not. */
function meeting(one: Claimed<HostPortClaim>, other: Claimed<HostPortClaim>): string {
  if (one.about === other.about) return "";
  const apart = one.address !== "" && other.address !== "" && one.address !== other.address;
  const host = apart ? undefined : [...one.hosts].find((name) => other.hosts.has(name));
  return host === undefined ? "" : `${other.about.title} has on ${host}`;
}

function clash(claim: PortClaim, who: string): Pick<Finding, "needed" | "given"> {
  return { needed: "a port that nothing else has", given: `${portKey(claim)}, which ${who}` };
}
