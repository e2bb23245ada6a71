import { fields, items, type KubernetesObject, withValueAt } from "./objects";
import { podTemplate } from "./pods";
import { quantity } from "./quantity";
import { isKnown } from "./unknown";

/** What containers get that state nothing, and how far a limit may be above a request. */
export interface ContainerDefaults {
  readonly requests: Amounts;
  readonly limits: Amounts;
  readonly ratios: { readonly cpu: number; readonly memory: number };
}

interface Amounts {
  readonly cpu: string;
  readonly memory: string;
}

type Properties = Readonly<Record<string, unknown>>;

/** The object with requests and limits filled in where there are none; undefined where nothing is missing. */
export function completed(
  object: KubernetesObject,
  defaults: ContainerDefaults,
): Properties | undefined {
  const template = podTemplate(object);
  if (template === undefined) return undefined;
  const keys = [...template.path.split("."), "spec"].filter((key) => key !== "");
  const spec: Properties = template.spec;
  const changed = { ...spec };
  let changes = 0;
  for (const list of ["initContainers", "containers"]) {
    if (!Array.isArray(spec[list])) continue;
    changed[list] = items(spec[list]).map((container) => {
      const own = fields(container);
      const resources = completedResources(own.resources, defaults);
      if (resources === undefined || !isObject(container)) return container;
      changes += 1;
      return { ...own, resources };
    });
  }
  return changes === 0 ? undefined : withValueAt(object, keys, changed);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function completedResources(given: unknown, defaults: ContainerDefaults): Properties | undefined {
  if (given !== undefined && given !== null && !isObject(given)) return undefined;
  const resources = fields(given);
  for (const name of ["requests", "limits"]) {
    const value = resources[name];
    if (value !== undefined && value !== null && !isObject(value)) return undefined;
  }
  const cpu = pair(resources, "cpu", defaults);
  const memory = pair(resources, "memory", defaults);
  if (cpu === undefined && memory === undefined) return undefined;
  return {
    ...resources,
    requests: { ...fields(resources.requests), ...cpu?.requests, ...memory?.requests },
    limits: { ...fields(resources.limits), ...cpu?.limits, ...memory?.limits },
  };
}

interface Pair {
  readonly requests?: Properties;
  readonly limits?: Properties;
}

/** What is missing of one thing: the default, unless what is there asks for another. */
function pair(
  resources: Properties,
  kind: "cpu" | "memory",
  { requests, limits, ratios }: ContainerDefaults,
): Pair | undefined {
  const request = known(resources.requests, kind);
  const limit = known(resources.limits, kind);
  if (request === "unclear" || limit === "unclear") return undefined;
  const ratio = ratios[kind];
  const [least, most] = [quantity(requests[kind]) ?? 0, quantity(limits[kind]) ?? 0];
  if (request === undefined && limit === undefined) {
    const own = most > least * ratio ? shown(most / ratio, kind) : requests[kind];
    return { requests: { [kind]: own }, limits: { [kind]: limits[kind] } };
  }
  if (request === undefined) {
    const wanted = Math.max(least, (limit ?? 0) / ratio);
    if (limit === undefined || wanted >= limit)
      return { requests: { [kind]: fields(resources.limits)[kind] } };
    return { requests: { [kind]: wanted === least ? requests[kind] : shown(wanted, kind) } };
  }
  if (limit !== undefined) return undefined;
  if (most < request) return { limits: { [kind]: fields(resources.requests)[kind] } };
  const bound = request * ratio;
  return { limits: { [kind]: bound < most ? shown(bound, kind, Math.floor) : limits[kind] } };
}

/** An amount that is there; `unclear` where it is no quantity that one can go by, which is for people to mend. */
function known(amounts: unknown, kind: string): number | "unclear" | undefined {
  const all = fields(amounts);
  if (!isKnown(all, kind)) return "unclear";
  if (all[kind] === undefined || all[kind] === null) return undefined;
  const value = quantity(all[kind]);
  return value === undefined || value === 0 ? "unclear" : value;
}

/** An amount as Kubernetes writes it, in whole thousandths of a core or whole bytes. */
function shown(value: number, kind: "cpu" | "memory", round = Math.ceil): string {
  return kind === "cpu" ? `${round(value * 1000)}m` : String(round(value));
}
