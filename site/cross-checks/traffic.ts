import type { CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import { ownValue, type Path } from "../path";
import { inSidecarMesh } from "../platform/mesh-members";
import { type Problem, problem, show } from "../problems";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { Traffic, TrafficDifference } from "../schema/traffic";
import type { ReleaseWorkload } from "../schema/workload";
import {
  attemptsOf,
  mirrorPorts,
  releasedTraffic,
  settledTraffic,
  speaksHttp,
} from "../workload/traffic";

/** Rules over how requests come to workloads. */

const reads = [["workloads"], ["mesh"]];

/** One workload's traffic with all that is said of it. */
interface Stated {
  readonly name: string;
  readonly workload: ReleaseWorkload;
  readonly site: Site;
  readonly release: Release;
  readonly released: Traffic | undefined;
  readonly own: TrafficDifference | undefined;
  /** Both together. */
  readonly settled: Traffic;
}

type Key = keyof Traffic;

function eachStated(find: (stated: Stated) => readonly Problem[]): CrossCheck {
  return {
    reads,
    find: ({ site, release }) =>
      Object.entries(release?.workloads ?? {}).flatMap(([name, workload]) => {
        if (release === undefined) return [];
        const released = releasedTraffic(workload);
        const own = ownValue(site.workloads, name)?.traffic;
        const settled = settledTraffic(released, own);
        if (settled === undefined) return [];
        return find({ name, workload, site, release, released, own, settled });
      }),
  };
}

/** A problem with a key, in the file that states it: what a site states holds. */
function at({ name, own }: Stated, path: readonly [Key, ...Path] | readonly [], ...rest: Words) {
  const [key] = path;
  const fromSite = own !== undefined && (key === undefined || own[key] !== undefined);
  return problem(fromSite ? "site" : "release", ["workloads", name, "traffic", ...path], ...rest);
}

type Words = [needed: string, given?: string, next?: string];

/** What only proxies that know single requests can do; the keys that are stated, in the order of the schema. */
const ofRequests = ["retries", "timeoutSeconds", "fault", "mirror", "rateLimit", "lua"] as const;

/** What the product does otherwise where no proxy keeps it. The rest is only about how fast and how evenly. */
const needsSidecar = ["fault", "mirror", "rateLimit", "lua"] as const;

/** Traffic is stated of what is called. */
const called = eachStated((stated) => {
  const { workload } = stated;
  return workload.ports.length > 0
    ? []
    : [at(stated, [], "a workload with ports", "none", "remove it, or add ports to the release")];
});

/** What a site states, and what nobody may miss, has proxies that keep it. */
const sidecars = eachStated((stated) => {
  const { name, workload, site, release, own, settled } = stated;
  if (inSidecarMesh(site, release, name, workload)) return [];
  const needed = "Pods with the mesh's proxies beside them: mesh with mode sidecar";
  const given =
    site.mesh === undefined
      ? "no mesh"
      : site.mesh.mode === "ambient"
        ? "mode ambient, whose proxies know no requests"
        : "a workload outside the mesh";
  const missed = needsSidecar.filter((key) => settled[key] !== undefined);
  const here = Object.entries(own ?? {}).some(
    ([, value]) => value !== undefined && value !== "off",
  );
  if (missed.length === 0 && here) return [at(stated, [], needed, given, "remove it")];
  return missed.map((key) => {
    const off = `change the mesh, or state workloads.${name}.traffic.${key}: off in the site`;
    const fromSite = own?.[key] !== undefined;
    return at(stated, [key], needed, given, fromSite ? "remove it" : off);
  });
});

/** Requests are seen on ports that speak HTTP. */
const httpOnly = eachStated((stated) => {
  const { workload, settled } = stated;
  const { ports } = workload;
  if (ports.length === 0 || ports.some(speaksHttp)) return [];
  const needed = "a port on which proxies see requests: http, http2 or grpc";
  const given = ports.map(({ name }) => name).join(", ");
  const keys = ofRequests.filter((key) => settled[key] !== undefined && settled[key] !== "off");
  const hashed = settled.hash !== undefined && settled.hash.source === undefined;
  return [...(hashed ? (["hash"] as const) : []), ...keys].map((key) =>
    at(stated, [key], needed, given, "remove it, or say what the port speaks"),
  );
});

/** One answer to which Pod is asked, and one that fits the class. */
const balancing = eachStated((stated) => {
  const { released, own, settled } = stated;
  const both = [released, own].filter(
    (one) => one?.balance !== undefined && one.hash !== undefined,
  );
  if (both.length > 0) {
    return [at(stated, ["balance"], "either balance or hash", "both", "remove one of them")];
  }
  const { class: kind, balance, hash } = settled;
  if (kind === "business" && balance === undefined && hash === undefined) {
    const next = "state hash: a header, a cookie, the source or a query parameter";
    return [at(stated, ["class"], "a hash, by which callers keep their Pod", "none", next)];
  }
  return kind === "base" && hash !== undefined
    ? [at(stated, ["hash"], "no hash: any Pod of class base answers", show(hash), "remove it")]
    : [];
});

/** A product is not delivered with faults; a site that tests with some says so itself. */
const faults = eachStated((stated) => {
  const { released, own, name } = stated;
  if (released?.fault === undefined || own?.fault !== undefined) return [];
  const next = `move it to workloads.${name}.traffic.fault of the site`;
  return [at(stated, ["fault"], "no faults on purpose in a release", "some", next)];
});

/** Copies go to another workload that takes them. */
const mirrors = eachStated((stated) => {
  const { name, workload, release, settled } = stated;
  const { mirror } = settled;
  if (mirror === undefined) return [];
  const others = Object.keys(release.workloads).filter((other) => other !== name);
  const other = others.includes(mirror.to) ? release.workloads[mirror.to] : undefined;
  if (other === undefined) {
    const meant = nearest(mirror.to, others);
    const needed = `another workload of the release: ${others.join(", ")}`;
    const next = meant === undefined ? undefined : `write ${meant}`;
    return [at(stated, ["mirror", "to"], needed, show(mirror.to), next)];
  }
  if (Object.keys(mirrorPorts(workload, other)).length > 0) return [];
  const names = workload.ports.filter(speaksHttp).map((port) => port.name);
  if (names.length === 0) return [];
  const has = other.ports.map((port) => port.name).join(", ") || "none";
  const needed = `a workload with a port of the same name: ${names.join(", ")}`;
  return [at(stated, ["mirror", "to"], needed, `${mirror.to}, which has ${has}`)];
});

/** The whole request is given the time that its attempts may take. */
const patience = eachStated((stated) => {
  const { own, settled } = stated;
  const { timeoutSeconds } = settled;
  const attempts = attemptsOf(settled);
  if (timeoutSeconds === undefined || attempts === undefined) return [];
  const { tries, perTrySeconds } = attempts;
  const least = Math.round(tries * perTrySeconds * 1000) / 1000;
  if (timeoutSeconds >= least) return [];
  const fromTimeout = own?.timeoutSeconds !== undefined || own?.retries === undefined;
  const needed = `at least ${least}: ${tries} attempts (the first and ${tries - 1} more) of ${perTrySeconds} s each`;
  const next = `raise timeoutSeconds to ${least}, or lower retries`;
  const given = `${timeoutSeconds} s for all of them`;
  return [at(stated, [fromTimeout ? "timeoutSeconds" : "retries"], needed, given, next)];
});

/** A bucket holds at least what is poured in at once. */
const bursts = eachStated((stated) => {
  const { rateLimit } = stated.settled;
  const { requests = 0, burst = requests } = rateLimit ?? {};
  return burst >= requests
    ? []
    : [at(stated, ["rateLimit", "burst"], `at least requests, ${requests}`, String(burst))];
});

/** Every rule over `traffic`. */
export const trafficChecks: readonly CrossCheck[] = [
  called,
  sidecars,
  httpOnly,
  balancing,
  faults,
  mirrors,
  patience,
  bursts,
];
