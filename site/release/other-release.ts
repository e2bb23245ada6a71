import { type Path, valueAt } from "../path";
import type { Release } from "../schema/release";
import { isPlainObject } from "./layers";

/** A site's file as it would have to be with another release. */
export interface WithOther {
  readonly data: unknown;
  /** What it says of things that only the release which it names has, as `externals.mail`. */
  readonly leftOut: readonly string[];
}

/**
 * A site's plain data with another release. What it says of things that its own release has and the other one has not
 * is left out, so that a site can be looked at with the release before the one that it states its differences to. A name
 * that neither has stays, and is found as the mistake it is.
 */
export function withOtherRelease(data: unknown, own: Release, other: Release): WithOther {
  const leftOut = Object.entries(namesOf(own)).flatMap(([place, names]) =>
    names
      .filter((name) => !(namesOf(other)[place] ?? []).includes(name))
      .map((name): Path => [...place.split("."), name])
      .filter((path) => valueAt(data, path) !== undefined),
  );
  const rest = leftOut.reduce((left, path) => without(left, path), data);
  return {
    data: isPlainObject(rest) ? { ...rest, release: other.release } : rest,
    leftOut: leftOut.map((path) => path.join(".")).sort(),
  };
}

/** Names that a release gives, by the place of the site's file that speaks of them. */
function namesOf(release: Release): Readonly<Record<string, readonly string[]>> {
  const namespaces = Object.keys(release.namespaces);
  const ofWorkloads = Object.entries(release.workloads).flatMap(([name, workload]) => {
    const at = (key: string) => `workloads.${name}.${key}`;
    const claims = workload.kind === "StatefulSet" ? workload.claims : [];
    const exposed = "expose" in workload ? workload.expose : [];
    return [
      [
        `workloads.${name}`,
        "canary" in workload && workload.canary !== undefined ? ["canary"] : [],
      ],
      [at("ports"), workload.ports.map((port) => port.name)],
      [at("expose"), exposed.map(({ port }) => port)],
      [at("storage"), [...claims.map((claim) => claim.name), ...Object.keys(workload.volumes)]],
    ];
  });
  return Object.fromEntries([
    ["workloads", Object.keys(release.workloads)],
    ["volumes", Object.keys(release.volumes)],
    ["secrets", Object.keys(release.secrets)],
    ["externals", Object.keys(release.externals)],
    ["egress", namespaces],
    ["mesh.namespaces", namespaces],
    ["tenancy.product.namespaces", namespaces],
    ["delivery.product.namespaces", namespaces],
    ...ofWorkloads,
  ]);
}

function without(data: unknown, [key, ...rest]: Path): unknown {
  if (!isPlainObject(data) || key === undefined || !Object.hasOwn(data, key)) return data;
  const others = Object.fromEntries(Object.entries(data).filter(([one]) => one !== String(key)));
  return rest.length === 0 ? others : { ...data, [key]: without(data[key], rest) };
}
