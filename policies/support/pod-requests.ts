import type { Blueprint } from "../../site/blueprint-types";
import { podRequest, type Room } from "../../site/capacity";
import type { Resources } from "../../site/pod-types";
import { knownNamespaces } from "./namespaces";
import { fields } from "./objects";
import type { PlacedResources, PodGroup } from "./pod-groups";
import { amountOf, mebi, quantity } from "./quantity";

/** What one Pod of a group asks the scheduler for, the mesh's proxy beside it included. */
export function requestOf(
  { containers, labels }: PodGroup,
  namespace: string,
  blueprint: Blueprint,
): Room {
  const bounds = knownNamespaces(blueprint).get(namespace)?.tenant?.containers;
  const asked = containers.map(({ resources, role }) => ({
    role,
    room: requested(resources, bounds?.defaultRequest),
  }));
  const { mesh } = blueprint.platform;
  const proxied = mesh?.mode === "sidecar" && labels["sidecar.istio.io/inject"] === "true";
  const beside = proxied ? [requested({ requests: mesh.proxy.requests })] : [];
  const main = asked.filter(({ role }) => role === "main").map(({ room }) => room);
  const before = asked.filter(({ role }) => role !== "main");
  return podRequest({
    resources: asResources(sum([...beside, ...main])),
    init: before.map(({ role, room }) => ({
      resources: asResources(room),
      sidecar: role === "sidecar",
    })),
  });
}

/** What a container requests: where it says nothing its limit, or what its namespace gives it. */
function requested(
  resources: PlacedResources["resources"],
  otherwise?: { readonly cpu: string; readonly memory: string },
): Room {
  const amount = (kind: "cpu" | "memory") =>
    amountOf(fields(resources.requests), kind) ??
    amountOf(fields(resources.limits), kind) ??
    quantity(otherwise?.[kind]) ??
    0;
  return { cpuMillis: amount("cpu") * 1000, memoryMiB: amount("memory") / mebi };
}

function sum(rooms: readonly Room[]): Room {
  return {
    cpuMillis: rooms.reduce((total, { cpuMillis }) => total + cpuMillis, 0),
    memoryMiB: rooms.reduce((total, { memoryMiB }) => total + memoryMiB, 0),
  };
}

/** More than any node has, and the most that resources of a site can be written as. */
const most = 999_999_999;

function asResources({ cpuMillis, memoryMiB }: Room): Resources {
  const amounts = {
    cpu: `${Math.min(most, Math.ceil(cpuMillis))}m`,
    memory: `${Math.min(most, Math.ceil(memoryMiB))}Mi`,
  };
  return { requests: amounts, limits: amounts };
}
