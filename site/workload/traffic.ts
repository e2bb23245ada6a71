import { ownValue } from "../path";
import { inSidecarMesh } from "../platform/mesh-members";
import { serviceHost } from "../platform/routes";
import type { Canary } from "../schema/canary";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import { type Traffic, type TrafficDifference, usualTraffic } from "../schema/traffic";
import type { ReleaseWorkload } from "../schema/workload";
import { portProtocol } from "./ports";
import type { Balance, PoolBlueprint, TrafficBlueprint, TrafficPolicy } from "./traffic-types";

/** What a release and a site say of requests, as one decision. */

/** Traffic of a workload as the release states it. */
export function releasedTraffic(workload: ReleaseWorkload): Traffic | undefined {
  return "traffic" in workload ? workload.traffic : undefined;
}

/** Canary of a workload as the release states it. */
export function releasedCanary(workload: ReleaseWorkload): Canary | undefined {
  return "canary" in workload ? workload.canary : undefined;
}

/** Release and site together: each key of the site's in place of the release's. Undefined where neither says anything. */
export function settledTraffic(
  released: Traffic | undefined,
  own: TrafficDifference | undefined,
): Traffic | undefined {
  if (released === undefined && own === undefined) return undefined;
  const stated = Object.fromEntries(
    Object.entries(own ?? {}).filter(([, value]) => value !== undefined),
  ) as TrafficDifference;
  // `balance` and `hash` answer one question: who states one of them has answered it.
  const answered = stated.balance !== undefined || stated.hash !== undefined;
  const { balance, hash, ...rest } = released ?? {};
  const { mirror, rateLimit, lua, ...plain } = stated;
  return {
    ...(answered ? rest : { ...rest, balance, hash }),
    ...plain,
    ...kept("mirror", mirror, released),
    ...kept("rateLimit", rateLimit, released),
    ...kept("lua", lua, released),
  };
}

function kept<Key extends "mirror" | "rateLimit" | "lua">(
  key: Key,
  own: Traffic[Key] | "off",
  released: Traffic | undefined,
) {
  return { [key]: own === "off" ? undefined : (own ?? released?.[key]) };
}

/** Attempts of a request, the first included, and how long each may take. */
export function attemptsOf({ retries = usualTraffic.retries }: Pick<Traffic, "retries">) {
  return retries === "off" ? undefined : { tries: retries.attempts + 1, ...retries };
}

/** How requests come to a workload; undefined where no sidecars could see to it, or nothing is said of it. */
export function workloadTraffic(
  site: Site,
  release: Release,
  name: string,
  workload: ReleaseWorkload,
  replicas: number,
): TrafficBlueprint | undefined {
  const settled = settledTraffic(
    releasedTraffic(workload),
    ownValue(site.workloads, name)?.traffic,
  );
  const canaryKnown = releasedCanary(workload) !== undefined;
  if (settled === undefined && !canaryKnown) return undefined;
  if (workload.ports.length === 0 || !inSidecarMesh(site, release, name, workload))
    return undefined;
  const { rateLimit, lua } = settled ?? {};
  return {
    host: serviceHost(site, name, workload.namespace),
    ports: {
      http: workload.ports.filter(speaksHttp).map(named),
      tcp: workload.ports.filter(speaksTcp).map(named),
    },
    ...(settled !== undefined && { policy: policy(settled, site, release, workload, replicas) }),
    ...(rateLimit !== undefined && {
      rateLimit: { ...rateLimit, burst: rateLimit.burst ?? rateLimit.requests },
    }),
    ...(lua !== undefined && {
      lua: { code: lua.code, ...(lua.because !== undefined && { because: lua.because }) },
    }),
    canaryKnown,
  };
}

/** What proxies let one caller ask of so many Pods: they count all Pods of a Service together. */
export function poolFor(
  traffic: Pick<Traffic, "pool"> | undefined,
  replicas: number,
): PoolBlueprint | undefined {
  if (traffic === undefined) return undefined;
  const { requestsPerInstance, ...rest } = traffic.pool ?? usualTraffic.pool;
  return { requests: requestsPerInstance * Math.max(1, replicas), ...rest };
}

function policy(
  settled: Traffic,
  site: Site,
  release: Release,
  workload: ReleaseWorkload,
  replicas: number,
): TrafficPolicy {
  const { outlier = usualTraffic.outlier, timeoutSeconds, fault } = settled;
  const mirror = mirrored(settled, site, release, workload);
  const retries = attemptsOf(settled);
  return {
    balance: balance(settled),
    outlier,
    pool: poolFor(settled, replicas) as PoolBlueprint,
    retries:
      retries === undefined
        ? { attempts: 0, on: [] }
        : { attempts: retries.attempts, perTrySeconds: retries.perTrySeconds, on: retries.on },
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(fault !== undefined && {
      fault: {
        ...(fault.delay !== undefined && { delay: fault.delay }),
        ...(fault.abort !== undefined && { abort: fault.abort }),
      },
    }),
    ...(mirror !== undefined && { mirror }),
  };
}

function balance({ balance: by, hash }: Traffic): Balance {
  if (by !== undefined) return { by };
  if (hash?.header !== undefined) return { by: "header", name: hash.header };
  if (hash?.query !== undefined) return { by: "query", name: hash.query };
  if (hash?.cookie !== undefined) return { by: "cookie", ...hash.cookie };
  if (hash?.source === true) return { by: "source" };
  return { by: "least-request" };
}

function mirrored(
  { mirror }: Traffic,
  site: Site,
  release: Release,
  workload: ReleaseWorkload,
): TrafficPolicy["mirror"] {
  if (mirror === undefined || !Object.hasOwn(release.workloads, mirror.to)) return undefined;
  const other = release.workloads[mirror.to];
  if (other === undefined) return undefined;
  return {
    host: serviceHost(site, mirror.to, other.namespace),
    percent: mirror.percent,
    ports: mirrorPorts(workload, other),
  };
}

/** Ports that copies go to, by those that they come from: the ones of the same name. */
export function mirrorPorts(
  { ports }: Pick<ReleaseWorkload, "ports">,
  other: Pick<ReleaseWorkload, "ports">,
): Readonly<Record<number, number>> {
  return Object.fromEntries(
    ports.filter(speaksHttp).flatMap(({ name, port }) => {
      const same = other.ports.find((one) => one.name === name);
      return same === undefined ? [] : [[port, same.port]];
    }),
  );
}

type Port = ReleaseWorkload["ports"][number];

/** Whether proxies see single requests on a port. */
export function speaksHttp(port: Port): boolean {
  return ["http", "http2", "grpc"].includes(portProtocol(port));
}

/** Whether proxies see single connections on a port, and no more. */
function speaksTcp(port: Port): boolean {
  return ["tcp", "https"].includes(portProtocol(port));
}

function named({ name, port }: Port) {
  return { name, port };
}
