import type { Role } from "../blueprint-types";
import type { CheckInput, CrossCheck } from "../check-input";
import { firstControlPlane } from "../groups";
import { siteProblem } from "../problems";

const withRole = ({ hosts }: CheckInput, role: Role) =>
  hosts.filter(({ host }) => host.roles.includes(role));

/** The roles that every site has, and how many hosts each may have. */
export const roleCounts: CrossCheck = {
  reads: [["hosts"]],
  find: (input) => {
    const count = (role: Role) => withRole(input, role).length;
    const etcd = count("etcd");
    const storage = count("storage");
    const registries = count("registry");
    const rules = [
      {
        ok: count("control-plane") > 0,
        needed: "at least one host with the role control-plane",
        given: "none",
      },
      { ok: etcd > 0, needed: "at least one host with the role etcd", given: "none" },
      {
        ok: etcd === 0 || etcd % 2 === 1,
        needed:
          "an odd number of hosts with the role etcd, 1, 3 or 5: an even one survives no more losses and votes can tie",
        given: `${etcd}`,
      },
      { ok: count("worker") > 0, needed: "at least one host with the role worker", given: "none" },
      {
        ok: registries === 1,
        needed: "exactly one host with the role registry",
        given: `${registries}`,
      },
      {
        ok: storage === 0 || storage >= 3,
        needed: "no host or at least three with the role storage: data is kept three times",
        given: `${storage}`,
      },
    ];
    return rules
      .filter(({ ok }) => !ok)
      .map(({ needed, given }) => siteProblem(["hosts"], needed, given));
  },
};

/** The registry stands beside the cluster, so that it outlives it, and no role is stated twice. */
export const roleCombinations: CrossCheck = {
  reads: [],
  find: ({ hosts }) =>
    hosts.flatMap(({ host, path }) => {
      const where = [...path, "roles"];
      const given = host.roles.join(", ");
      const mixed =
        host.roles.includes("registry") && host.roles.some((role) => role !== "registry");
      const twice = new Set(host.roles).size < host.roles.length;
      return [
        ...(mixed
          ? [
              siteProblem(
                where,
                "registry as the only role: it must run before and without the cluster",
                given,
                "move the registry to a host of its own",
              ),
            ]
          : []),
        ...(twice ? [siteProblem(where, "each role once", given)] : []),
      ];
    }),
};

/** One control-plane host must be able to lead every KubeKey group that holds any. */
export const stableFirstControlPlane: CrossCheck = {
  reads: [["hosts"]],
  find: (input) => {
    const hosts = input.hosts.map(({ host }) => host);
    const none = withRole(input, "control-plane").length === 0;
    if (none || firstControlPlane(hosts) !== undefined) return [];
    return [
      siteProblem(
        ["hosts"],
        "one control-plane host with every further role that any control-plane host has, since KubeKey starts on it",
        "control-plane hosts with different roles each",
        "give one of them both etcd and worker, or none of them",
      ),
    ];
  },
};
