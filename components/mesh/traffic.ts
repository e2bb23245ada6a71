import { trackLabel } from "../../site/platform/mesh-members";
import type {
  Balance,
  PoolBlueprint,
  TrafficBlueprint,
  TrafficPolicy,
} from "../../site/workload/traffic-types";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { metadata } from "../workload/labels";
import { byHeader, subsets, weighted } from "./canary";

/** What callers' proxies do with requests to a workload, as plain data. */

const apiVersion = "networking.istio.io/v1";

/** How callers spread requests over Pods, and which Pods there are; undefined where nothing is said of it. */
export function destinationRule(workload: WorkloadBlueprint) {
  const { traffic, canary } = workload;
  if (traffic === undefined || (traffic.policy === undefined && canary === undefined)) {
    return undefined;
  }
  const { policy, host, canaryKnown } = traffic;
  return {
    apiVersion,
    kind: "DestinationRule",
    metadata: metadata(workload),
    spec: {
      host,
      ...(policy !== undefined && { trafficPolicy: trafficPolicy(policy) }),
      // Told apart also while no canary runs: a route that is still on its way out may name either.
      ...(canaryKnown && {
        subsets: [subset(subsets.stable, undefined), subset(subsets.canary, canary?.pool)],
      }),
    },
  };
}

function subset(name: string, pool: PoolBlueprint | undefined) {
  return {
    name,
    labels: { [trackLabel]: name },
    ...(pool !== undefined && { trafficPolicy: { connectionPool: connectionPool(pool) } }),
  };
}

/**
 * What callers in the mesh do with requests; undefined where nothing is said of it. Its name has a dot, which names of
 * workloads and ports have not: the gateway's routes are named by both.
 */
export function meshRoutes(workload: WorkloadBlueprint) {
  const { traffic, canary } = workload;
  if (traffic === undefined) return undefined;
  const { host, ports, policy } = traffic;
  const destination = (number: number) => ({ host, port: { number } });
  const http =
    policy === undefined && canary === undefined
      ? []
      : ports.http.flatMap(({ name, port }) =>
          httpRules(workload, { name, match: { port }, destination: destination(port) }),
        );
  // Connections have nothing but their weight.
  const tcp =
    canary === undefined
      ? []
      : ports.tcp.map(({ port }) => ({
          match: [{ port }],
          route: weighted(workload, destination(port)),
        }));
  if (http.length === 0 && tcp.length === 0) return undefined;
  return {
    apiVersion,
    kind: "VirtualService",
    metadata: metadata(workload, `${workload.name}.mesh`),
    spec: {
      hosts: [host],
      ...(http.length > 0 && { http }),
      ...(tcp.length > 0 && { tcp }),
    },
  };
}

/** What of a workload routes to it are made from; parts of the platform have it too. */
export type Routed = Pick<
  WorkloadBlueprint,
  "name" | "namespace" | "routes" | "traffic" | "canary"
>;

/** One way in to a workload. */
interface WayIn {
  /** Name of the rule, which access logs show. */
  readonly name: string;
  readonly match: object;
  readonly destination: { readonly host: string; readonly port: { readonly number: number } };
}

/** Rules for requests that come one way, the same on the gateway and within the mesh. */
export function httpRules(workload: Routed, { name, match, destination }: WayIn) {
  const rules = requestRules(workload.traffic, destination.port.number);
  const chosen = byHeader(workload, destination);
  return [
    ...(chosen === undefined
      ? []
      : [
          {
            name: `${name}-canary`,
            match: [{ ...match, headers: chosen.headers }],
            route: chosen.route,
            ...rules,
          },
        ]),
    { name, match: [match], route: weighted(workload, destination), ...rules },
  ];
}

/** What a rule says of single requests beside where they go. */
interface RequestRules {
  readonly timeout?: string;
  readonly retries?: {
    readonly attempts: number;
    readonly perTryTimeout?: string;
    readonly retryOn?: string;
  };
  readonly fault?: ReturnType<typeof faults>;
  readonly mirrors?: readonly object[];
}

/** Patience with single requests. Nothing where nothing is stated: then Istio tries twice again. */
function requestRules(traffic: TrafficBlueprint | undefined, port: number): RequestRules {
  if (traffic?.policy === undefined) return {};
  const { retries, timeoutSeconds, fault, mirror } = traffic.policy;
  const copy = mirror?.ports[port];
  return {
    ...(timeoutSeconds !== undefined && { timeout: `${timeoutSeconds}s` }),
    retries: {
      attempts: retries.attempts,
      ...(retries.perTrySeconds !== undefined && { perTryTimeout: `${retries.perTrySeconds}s` }),
      ...(retries.on.length > 0 && { retryOn: retries.on.join(",") }),
    },
    ...(fault !== undefined && { fault: faults(fault) }),
    ...(mirror !== undefined &&
      copy !== undefined && {
        mirrors: [
          {
            destination: { host: mirror.host, port: { number: copy } },
            percentage: { value: mirror.percent },
          },
        ],
      }),
  };
}

function faults({ delay, abort }: NonNullable<TrafficPolicy["fault"]>) {
  return {
    ...(delay !== undefined && {
      delay: { fixedDelay: `${delay.seconds}s`, percentage: { value: delay.percent } },
    }),
    ...(abort !== undefined && {
      abort: { httpStatus: abort.status, percentage: { value: abort.percent } },
    }),
  };
}

function trafficPolicy({ balance, outlier, pool }: TrafficPolicy) {
  return {
    loadBalancer: loadBalancer(balance),
    connectionPool: connectionPool(pool),
    // Envoy counts errors in a row, not in a time; the time is how often it looks. With every Pod of a Service failing
    // it would leave out all of them, so a part must stay.
    outlierDetection: {
      consecutive5xxErrors: outlier.errors,
      interval: `${outlier.intervalSeconds}s`,
      baseEjectionTime: `${outlier.ejectionSeconds}s`,
      maxEjectionPercent: outlier.mostEjectedPercent,
    },
  };
}

/**
 * Envoy keeps these numbers for all Pods of a Service together, in each calling proxy by itself. `http2MaxRequests` is,
 * against its name, the number of open requests of either HTTP version; no more may wait for a connection than could be
 * served at once. Connections are not counted: those to a database's port are no requests, and a caller's own pool may
 * rightly hold more of them.
 */
function connectionPool({
  requests,
  requestsPerConnection,
  connectTimeoutMilliseconds,
}: PoolBlueprint) {
  return {
    tcp: { connectTimeout: `${connectTimeoutMilliseconds}ms` },
    http: {
      http1MaxPendingRequests: requests,
      http2MaxRequests: requests,
      maxRequestsPerConnection: requestsPerConnection,
    },
  };
}

const simple = {
  "least-request": "LEAST_REQUEST",
  "round-robin": "ROUND_ROBIN",
  random: "RANDOM",
} as const;

function loadBalancer(balance: Balance) {
  switch (balance.by) {
    case "header":
      return { consistentHash: { httpHeaderName: balance.name } };
    case "query":
      return { consistentHash: { httpQueryParameterName: balance.name } };
    case "source":
      return { consistentHash: { useSourceIp: true } };
    case "cookie": {
      const { name, path, ttlSeconds } = balance;
      return { consistentHash: { httpCookie: { name, path, ttl: `${ttlSeconds}s` } } };
    }
    default:
      return { simple: simple[balance.by] };
  }
}
