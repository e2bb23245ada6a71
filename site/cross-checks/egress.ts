import type { CrossCheck } from "../check-input";
import { overlap, parseNetwork } from "../network";
import type { Path } from "../path";
import { type DocumentName, type Problem, problem, show, siteProblem } from "../problems";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { WayOut } from "../schema/workload-network";
import { holdsToNames } from "../workload/egress";
import { siteExternals, usersOf } from "../workload/externals";
import { isListed, wayProtocol } from "../workload/ways-out";
import { derivedWorkloads } from "./derived";
import { unknownNames } from "./unknown-names";

/** Rules over ways out of the cluster. */

const reads = [["egress"], ["mesh"], ["workloads"], ["cluster"], ["tenancy"], ["externals"]];

interface Placed {
  readonly namespace: string;
  readonly document: DocumentName;
  readonly path: Path;
  readonly way: WayOut;
}

function placedWays(site: Site, release: Release): readonly Placed[] {
  return [
    ...Object.entries(release.namespaces).flatMap(([namespace, { egress }]) =>
      egress.map((way, at) => ({
        namespace,
        document: "release" as const,
        path: ["namespaces", namespace, "egress", at],
        way,
      })),
    ),
    ...Object.entries(site.egress).flatMap(([namespace, list]) =>
      list.map((way, at) => ({
        namespace,
        document: "site" as const,
        path: ["egress", namespace, at],
        way,
      })),
    ),
  ];
}

/** A site adds ways out to namespaces that the release has. */
const namespaces: CrossCheck = {
  reads: [["egress"]],
  find: ({ site, release }) =>
    release === undefined
      ? []
      : unknownNames(
          site.egress,
          Object.keys(release.namespaces),
          ["egress"],
          `a namespace of release ${release.release}`,
        ),
};

/** Each way out leads to one network outside the cluster, or to a name that something can hold connections to. */
const ways: CrossCheck = {
  reads,
  find: (input) => {
    const { site, release } = input;
    if (release === undefined) return [];
    const placed = placedWays(site, release).filter(({ namespace }) =>
      Object.hasOwn(release.namespaces, namespace),
    );
    const outside = new Set(
      derivedWorkloads(input)
        .filter(({ mesh }) => mesh?.member !== true)
        .map(({ namespace }) => namespace),
    );
    const seen = new Set<string>();
    return placed.flatMap(({ namespace, document, path, way }) => {
      const { cidr, domain, ports } = way;
      if ((cidr === undefined) === (domain === undefined)) {
        const given = cidr === undefined ? "neither" : "both";
        return [problem(document, path, "either cidr or domain", given)];
      }
      const end = cidr ?? domain ?? "";
      const problems: Problem[] = ports.flatMap(({ port }, at) => {
        const key = `${namespace} ${end} ${port}`;
        const twice = seen.has(key);
        seen.add(key);
        const where = [...path, "ports", at, "port"];
        return twice
          ? [problem(document, where, `a port that is stated once for ${end}`, show(port))]
          : [];
      });
      if (cidr !== undefined) return [...problems, ...inCluster(cidr, document, path, site)];
      if (!holdsToNames(site, release, namespace) || outside.has(namespace)) {
        const who = !holdsToNames(site, release, namespace)
          ? `${namespace} has no proxies`
          : `some workload of ${namespace} is outside the mesh`;
        const needed = `a cidr: only the mesh's proxies beside Pods hold connections to names, and ${who}`;
        const next =
          "state the network in which the name's addresses lie, or put the namespace into the mesh";
        return [...problems, problem(document, [...path, "domain"], needed, show(domain), next)];
      }
      const unfit = ports.flatMap((port, at) => {
        const protocol = wayProtocol(port);
        const where = [...path, "ports", at, "protocol"];
        if (protocol === "udp") {
          const needed = "TCP, or a cidr in place of the domain: proxies pass on TCP alone";
          return [problem(document, where, needed, show(protocol))];
        }
        if (protocol === "tcp" && domain?.startsWith("*.")) {
          const needed =
            "http or https, or a single name: of other connections proxies see no name that they could compare";
          return [problem(document, where, needed, show(protocol))];
        }
        return [];
      });
      return [...problems, ...unfit];
    });
  },
};

function inCluster(
  cidr: string,
  document: DocumentName,
  path: Path,
  { cluster }: Site,
): readonly Problem[] {
  const network = parseNetwork(cidr);
  return (["podCidr", "serviceCidr"] as const)
    .filter((key) => {
      const own = parseNetwork(cluster[key]);
      return own !== undefined && network !== undefined && overlap(own, network);
    })
    .map((key) => {
      const needed = `a network apart from the cluster's ${key} ${cluster[key]}, which is open anyway`;
      return problem(document, [...path, "cidr"], needed, show(cidr));
    });
}

/** A name with a port of its own kind: what a proxy sees when a connection to it begins. */
interface NamedPort {
  readonly namespaces: readonly string[];
  readonly domain: string;
  readonly port: number;
  readonly blind: boolean;
  readonly document: DocumentName;
  readonly path: Path;
}

/** Proxies that see no name go by the port alone, so only one name can have it. */
const blindPorts: CrossCheck = {
  reads,
  find: ({ site, release }) => {
    if (release === undefined || site.mesh?.mode !== "sidecar") return [];
    const all = [...externalNames(site, release), ...wayNames(site, release)];
    return all.flatMap((one, at) => {
      const other = all
        .slice(0, at)
        .find(
          (earlier) =>
            earlier.port === one.port &&
            earlier.domain !== one.domain &&
            (earlier.blind || one.blind) &&
            earlier.namespaces.some((namespace) => one.namespaces.includes(namespace)),
        );
      if (other === undefined) return [];
      const needed =
        "a port that no other name has in the namespace: TCP connections tell proxies no name, just the port";
      const given = `${one.port} of ${one.domain}, which ${other.domain} has as well`;
      const next = "state addresses in place of one of the names";
      return [problem(one.document, one.path, needed, given, next)];
    });
  },
};

function externalNames(site: Site, release: Release): readonly NamedPort[] {
  return Object.keys(release.namespaces).flatMap((namespace) =>
    siteExternals(site, release, namespace).flatMap(({ name, at, ports }) => {
      if (!("domain" in at)) return [];
      const external = release.externals[name];
      return ports
        .filter(({ protocol }) => protocol !== "udp")
        .map(({ port, protocol }, index) => ({
          namespaces: external === undefined ? [namespace] : usersOf(external),
          domain: at.domain,
          port,
          blind: protocol === "tcp",
          document: "release" as const,
          path: ["externals", name, "ports", index],
        }));
    }),
  );
}

function wayNames(site: Site, release: Release): readonly NamedPort[] {
  return placedWays(site, release).flatMap(({ namespace, document, path, way }) =>
    way.domain === undefined
      ? []
      : way.ports.map((port, at) => ({
          namespaces: [namespace],
          domain: way.domain ?? "",
          port: port.port,
          blind: wayProtocol(port) === "tcp",
          document,
          path: [...path, "ports", at],
        })),
  );
}

/** Proxies that let nothing unknown through must be told which ports an exception of tenancy opens. */
const exceptions: CrossCheck = {
  reads,
  find: ({ site, release }) =>
    Object.entries(site.tenancy?.product.namespaces ?? {}).flatMap(([namespace, { allow }]) => {
      if (release === undefined || !holdsToNames(site, release, namespace)) return [];
      if (!isListed(site, release, namespace)) return [];
      return allow.flatMap(({ to, ports }, at) =>
        to?.cidr === undefined || ports !== undefined
          ? []
          : [
              siteProblem(
                ["tenancy", "product", "namespaces", namespace, "allow", at, "ports"],
                `the ports: ways out of ${namespace} are listed, and the mesh's proxies go by ports`,
                "nothing",
              ),
            ],
      );
    }),
};

/** Every rule over ways out of the cluster. */
export const egressChecks: readonly CrossCheck[] = [namespaces, ways, blindPorts, exceptions];
