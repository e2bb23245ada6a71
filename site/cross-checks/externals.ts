import type { CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import { contains, overlap, parseNetwork } from "../network";
import type { Path } from "../path";
import { type DocumentName, type Problem, problem, show, siteProblem } from "../problems";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ExternalPlace } from "../schema/workload-network";
import { placeOf, usersOf } from "../workload/externals";
import { nodePortsSuffix } from "../workload/ports";
import { isListed } from "../workload/ways-out";
import { unknownNamespace } from "./release";
import { unknownNames } from "./unknown-names";

/** Rules over services outside the cluster. */

const reads = [["externals"]];

/** They live in the release's namespaces, under names that no workload's Services have, and their ports are told apart. */
const ofRelease: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    release === undefined
      ? []
      : Object.entries(release.externals).flatMap(([name, external]) => {
          const path = ["externals", name];
          return [
            ...unknownNamespace(release, external.namespace, [...path, "namespace"]),
            ...external.usedBy.flatMap((user, at) => [
              ...unknownNamespace(release, user, [...path, "usedBy", at]),
              ...(user === external.namespace || external.usedBy.indexOf(user) < at
                ? [
                    problem(
                      "release",
                      [...path, "usedBy", at],
                      "another namespace: this one is named already",
                      show(user),
                      "remove it",
                    ),
                  ]
                : []),
            ]),
            ...nameTaken(release, name, external.namespace),
            ...external.ports.flatMap((port, at) =>
              (["name", "port"] as const)
                .filter((key) =>
                  external.ports.slice(0, at).some((other) => other[key] === port[key]),
                )
                .map((key) =>
                  problem(
                    "release",
                    [...path, "ports", at, key],
                    `a ${key} of its own`,
                    show(port[key]),
                  ),
                ),
            ),
          ];
        }),
};

function nameTaken(release: Release, name: string, namespace: string): readonly Problem[] {
  const owner = [name, ...[nodePortsSuffix, "-headless"].map((end) => withoutEnd(name, end))].find(
    (own) =>
      own !== undefined &&
      Object.hasOwn(release.workloads, own) &&
      release.workloads[own]?.namespace === namespace,
  );
  if (owner === undefined) return [];
  const needed = `a name that no workload of ${namespace} has for a Service`;
  const given = `${show(name)}, which is one of workload ${owner}`;
  return [problem("release", ["externals", name], needed, given, "give one of them another name")];
}

function withoutEnd(name: string, end: string): string | undefined {
  return name.endsWith(end) ? name.slice(0, -end.length) : undefined;
}

/** A site says something of services that the release has. */
const ofSite: CrossCheck = {
  reads,
  find: ({ site, release }) =>
    release === undefined
      ? []
      : unknownNames(
          site.externals,
          Object.keys(release.externals),
          ["externals"],
          `an external service of release ${release.release}`,
        ),
};

/** Services that the site means by names that are none. */
function mistyped(site: Site, release: Release): readonly string[] {
  const known = Object.keys(release.externals);
  return Object.keys(site.externals)
    .filter((name) => !known.includes(name))
    .flatMap((name) => nearest(name, known) ?? []);
}

/** Each has one place, outside the cluster, that policies can let its callers reach. */
const places: CrossCheck = {
  reads: [...reads, ["cluster"], ["tenancy"], ["egress"]],
  find: ({ site, release }) =>
    Object.entries(release?.externals ?? {}).flatMap(([name, external]) => {
      const place = placeOf(site, name, external);
      if (place === undefined || release === undefined) {
        // A mistyped name of the site's is told already, with what to write.
        if (release !== undefined && mistyped(site, release).includes(name)) return [];
        const needed = `its place at this site: addresses or a domain for port ${external.ports.map(({ port }) => port).join(", ")}`;
        const next = `state externals.${name}: {addresses: […]} or {domain: …}`;
        return [siteProblem(["externals", name], needed, "nothing", next)];
      }
      const stated: { readonly document: DocumentName; readonly path: Path } = Object.hasOwn(
        site.externals,
        name,
      )
        ? { document: "site", path: ["externals", name] }
        : { document: "release", path: ["externals", name, "at"] };
      const closed = usersOf(external).filter(
        (namespace) => site.tenancy !== undefined || isListed(site, release, namespace),
      );
      return placeProblems(place, stated, site, closed);
    }),
};

function placeProblems(
  { addresses, domain, networks }: ExternalPlace,
  { document, path }: { readonly document: DocumentName; readonly path: Path },
  { cluster }: Site,
  closed: readonly string[],
): readonly Problem[] {
  if ((addresses === undefined) === (domain === undefined)) {
    const given = domain === undefined ? "neither" : "both";
    return [problem(document, path, "either addresses or a domain", given)];
  }
  const own = [
    { name: "podCidr", cidr: cluster.podCidr },
    { name: "serviceCidr", cidr: cluster.serviceCidr },
  ].map(({ name, cidr }) => ({ name, cidr, network: parseNetwork(cidr) }));
  const inside = (addresses ?? []).flatMap((address, at) => {
    const where = [...path, "addresses", at];
    const problems: Problem[] = [];
    const holder = own.find(({ network }) => network !== undefined && contains(network, address));
    if (holder !== undefined) {
      const needed = `an address outside the cluster, whose ${holder.name} is ${holder.cidr}`;
      problems.push(problem(document, where, needed, show(address)));
    } else if (address.startsWith("169.254.")) {
      const needed = "an address that is reached from other hosts: those of 169.254.0.0/16 are not";
      problems.push(problem(document, where, needed, show(address)));
    }
    if ((addresses ?? []).indexOf(address) < at) {
      problems.push(problem(document, where, "an address that is stated once", show(address)));
    }
    return problems;
  });
  const wide = (networks ?? []).flatMap((cidr, at) => {
    const network = parseNetwork(cidr);
    const holder = own.find(
      (one) => network !== undefined && one.network !== undefined && overlap(one.network, network),
    );
    return holder === undefined
      ? []
      : [
          problem(
            document,
            [...path, "networks", at],
            `a network apart from the cluster's ${holder.name} ${holder.cidr}`,
            show(cidr),
          ),
        ];
  });
  if (networks !== undefined && domain === undefined) {
    const next = "remove it: the addresses say where it is";
    wide.push(problem(document, [...path, "networks"], "a domain beside it", "addresses", next));
  }
  if (domain !== undefined && networks === undefined && closed.length > 0) {
    const needed = `the networks of its addresses: ways out of ${closed.join(", ")} are closed, and network policies know no names`;
    wide.push(
      problem(document, [...path, "networks"], needed, "nothing", "state them, or addresses"),
    );
  }
  return [...inside, ...wide];
}

/** Every rule over services outside the cluster. */
export const externalChecks: readonly CrossCheck[] = [ofRelease, ofSite, places];
