import type { CheckInput, CrossCheck } from "../check-input";
import { isNode, ownPrefix, reservedLabels } from "../nodes";
import type { Path } from "../path";
import { type Problem, show, siteProblem } from "../problems";

/** Every host has a name and an address of its own, and so has the jump host. */
export const hostIdentities: CrossCheck = {
  reads: [],
  find: ({ hosts, site }) => {
    const names = hosts.map(({ host, path }) => ({ value: host.name, path: [...path, "name"] }));
    const addresses = hosts.map(({ host, path }) => ({
      value: host.address,
      path: [...path, "address"],
    }));
    const bastion = site.access.bastion;
    const jump =
      bastion === undefined
        ? []
        : [{ value: bastion.address, path: ["access", "bastion", "address"] }];
    return [
      ...repeated(names, "a name that no other host has"),
      ...repeated([...jump, ...addresses], "an address that no other host has"),
    ];
  },
};

/** Host keys are pinned by host name, and the jump host's under this one. */
export const bastionName: CrossCheck = {
  reads: [],
  find: ({ hosts }) =>
    hosts
      .filter(({ host }) => host.name === "bastion")
      .map(({ path }) =>
        siteProblem([...path, "name"], "a name other than that of the jump host", show("bastion")),
      ),
};

/** The names that stand in every host's /etc/hosts mean one thing each. */
export const distinctNames: CrossCheck = {
  reads: [
    ["registry", "host"],
    ["cluster", "endpoint", "domain"],
  ],
  find: ({ hosts, site }) =>
    repeated(
      [
        ...hosts.map(({ host, path }) => ({ value: host.name, path: [...path, "name"] })),
        { value: site.registry.host, path: ["registry", "host"] },
        { value: site.cluster.endpoint.domain, path: ["cluster", "endpoint", "domain"] },
      ],
      "a name that neither a host nor registry nor endpoint has",
    ).filter(({ path }) => path[0] !== "hosts"),
};

/** Labels and taints that Sitewright sets itself cannot be stated too. */
export const ownLabels: CrossCheck = {
  reads: [],
  find: ({ hosts }) =>
    hosts.flatMap(({ host, path }) => [
      ...Object.keys(host.labels)
        .filter((key) => reservedLabels.includes(key) || key.startsWith(ownPrefix))
        .map((key) =>
          siteProblem(
            [...path, "labels", key],
            "a label that Sitewright does not set itself",
            show(key),
            "remove it: roles and zone become labels by themselves",
          ),
        ),
      ...host.taints.flatMap(({ key, effect }, at) => {
        const earlier = host.taints.slice(0, at);
        const twice = earlier.some((taint) => taint.key === key && taint.effect === effect);
        const where = [...path, "taints", at, "key"];
        return twice
          ? [siteProblem(where, "each key and effect once", show(key), "remove one")]
          : [];
      }),
    ]),
};

/** Either every node says which zone it is in, or none does: Pods cannot be spread over half of them. */
export const zones: CrossCheck = {
  reads: [["hosts"]],
  find: (input) => {
    const nodes = input.hosts.filter(({ host }) => isNode(host));
    const without = nodes.filter(({ host }) => host.zone === undefined);
    if (without.length === 0 || without.length === nodes.length) return [];
    return without.map(({ path }) =>
      siteProblem(
        [...path, "zone"],
        "a zone, since other nodes state one",
        "nothing",
        "add it here, or remove it everywhere",
      ),
    );
  },
};

/** KubeKey runs on a host of the site. */
export const installer: CrossCheck = {
  reads: [["hosts"], ["installer"]],
  find: ({ hosts, site }: CheckInput) => {
    const names = hosts.map(({ host }) => host.name);
    const unknown =
      site.installer === undefined || names.includes(site.installer)
        ? []
        : [
            siteProblem(
              ["installer"],
              `the name of a host: ${names.join(", ")}`,
              show(site.installer),
            ),
          ];
    const idle = hosts.filter(
      ({ host }) => host.roles.length === 0 && host.name !== site.installer,
    );
    return [
      ...unknown,
      ...idle.map(({ path }) =>
        siteProblem(
          [...path, "roles"],
          "a role, or the host to be the installer",
          "an empty list",
          "add a role, or remove the host",
        ),
      ),
    ];
  },
};

interface Placed {
  readonly value: string;
  readonly path: Path;
}

/** The second and later uses of a value, each with where the first stands. */
function repeated(values: readonly Placed[], needed: string): readonly Problem[] {
  const first = new Map<string, Path>();
  return values.flatMap(({ value, path }) => {
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, path);
    return earlier === undefined
      ? []
      : [
          siteProblem(
            path,
            needed,
            `${show(value)}, as ${placeName(earlier)}`,
            "change one of them",
          ),
        ];
  });
}

function placeName(path: Path): string {
  return path[0] === "hosts" ? `hosts[${path[1]}]` : path.join(".");
}
