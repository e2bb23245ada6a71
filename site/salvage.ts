import type { PlacedHost } from "./check-input";
import { knownKeys } from "./known-keys";
import { type Path, valueAt } from "./path";
import { type Site, siteSchema } from "./schema/site";

/** What is left of a faulty site for the cross-checks that can still run. */
export interface Salvaged {
  readonly site: Site;
  readonly hosts: readonly PlacedHost[];
}

/** Stand-ins for required values that cannot be read; no check that relies on one of them runs. */
const standIns: Readonly<Record<string, unknown>> = {
  release: "0000.0",
  access: { user: "root", passwordSecret: "standIn" },
  hosts: [],
  cluster: { kubernetes: "v1.0.0", kubekey: "v3.1.12" },
};

/**
 * Reads what can be read of a site with faults: unknown keys are dropped, hosts with faults are left out,
 * any other faulty value gives way to its default or a stand-in.
 */
export function salvage(data: unknown, faulty: readonly Path[]): Salvaged {
  const hosts = placedHosts(data);
  const readable = Object.fromEntries(
    Object.keys(siteSchema.shape)
      .filter((key) => key !== "hosts")
      .map((key) => [key, readableValue(data, [key], faulty)]),
  );
  // A key that lacks what it must have is left out as a whole, or nothing of the site could be read for it.
  const stated = Object.fromEntries(
    Object.entries(readable).filter(
      ([key, value]) => value !== undefined && keySchema(key)?.safeParse(value).success,
    ),
  );
  const site = siteSchema.safeParse({ ...standIns, ...stated, hosts: [standInHost] });
  const salvaged = site.success
    ? site.data
    : siteSchema.parse({ ...standIns, hosts: [standInHost] });
  return { site: { ...salvaged, hosts: hosts.map(({ host }) => host) }, hosts };
}

function keySchema(key: string) {
  return Object.entries(siteSchema.shape).find(([name]) => name === key)?.[1];
}

const standInHost = {
  name: "stand-in",
  address: "192.0.2.1",
  roles: [],
  cpus: 1,
  memoryGiB: 1,
  diskGiB: 1,
};

function placedHosts(data: unknown): readonly PlacedHost[] {
  const hosts = valueAt(data, ["hosts"]);
  if (!Array.isArray(hosts)) return [];
  return hosts.flatMap((given: unknown, index) => {
    const known = withoutUnknownKeys(given, ["hosts", index]);
    const read = siteSchema.shape.hosts.safeParse([known]);
    const [host] = read.success ? read.data : [];
    return host === undefined ? [] : [{ host, path: ["hosts", index] }];
  });
}

/** A copy of the value at a path without its faulty parts, or its stand-in. */
function readableValue(data: unknown, path: Path, faulty: readonly Path[]): unknown {
  const below = faulty.filter((fault) => path.every((step, at) => fault[at] === step));
  const value = withoutUnknownKeys(valueAt(data, path), path);
  if (below.some((fault) => fault.length === path.length)) return valueAt(standIns, path);
  if (below.length === 0) return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const standIn = valueAt(standIns, path);
  const entries = Object.keys(value)
    .map((key) => [key, readableValue(data, [...path, key], faulty)] as const)
    .filter(([, kept]) => kept !== undefined);
  return { ...(typeof standIn === "object" && standIn), ...Object.fromEntries(entries) };
}

function withoutUnknownKeys(value: unknown, path: Path): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.map((item, index) => withoutUnknownKeys(item, [...path, index]));
  const known = knownKeys(siteSchema, path);
  const kept = Object.keys(value).filter((key) => known.length === 0 || known.includes(key));
  return Object.fromEntries(
    kept.map((key) => [key, withoutUnknownKeys(Reflect.get(value, key), [...path, key])]),
  );
}
