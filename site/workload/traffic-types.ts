import type { retryConditions } from "../schema/traffic";

/** How requests come to a workload in the mesh, every decision taken. */
export interface TrafficBlueprint {
  /** Full name of the workload's Service. */
  readonly host: string;
  /** Ports by what proxies can see in them. */
  readonly ports: {
    readonly http: readonly NamedPort[];
    readonly tcp: readonly NamedPort[];
  };
  /** Absent where the release states no traffic; the mesh's own ways hold then. */
  readonly policy?: TrafficPolicy;
  /** Limits and filters in front of each Pod. */
  readonly rateLimit?: RateLimitBlueprint;
  readonly lua?: LuaBlueprint;
  /** Whether the release knows a canary: its Pods and the others are then told apart, also while there is none. */
  readonly canaryKnown: boolean;
}

interface NamedPort {
  readonly name: string;
  readonly port: number;
}

export interface TrafficPolicy {
  readonly balance: Balance;
  readonly outlier: {
    readonly errors: number;
    readonly intervalSeconds: number;
    readonly ejectionSeconds: number;
    readonly mostEjectedPercent: number;
  };
  readonly pool: PoolBlueprint;
  /** `attempts` 0: never tried again. */
  readonly retries: {
    readonly attempts: number;
    readonly perTrySeconds?: number;
    readonly on: readonly (typeof retryConditions)[number][];
  };
  readonly timeoutSeconds?: number;
  readonly fault?: {
    readonly delay?: { readonly seconds: number; readonly percent: number };
    readonly abort?: { readonly status: number; readonly percent: number };
  };
  readonly mirror?: {
    readonly host: string;
    readonly percent: number;
    /** Port of the other workload by that of this one. */
    readonly ports: Readonly<Record<number, number>>;
  };
}

export type Balance =
  | { readonly by: "least-request" | "round-robin" | "random" }
  | { readonly by: "header" | "query"; readonly name: string }
  | { readonly by: "source" }
  | {
      readonly by: "cookie";
      readonly name: string;
      readonly ttlSeconds: number;
      readonly path: string;
    };

export interface PoolBlueprint {
  /** Requests that one caller may have open to all Pods together. */
  readonly requests: number;
  readonly requestsPerConnection: number;
  readonly connectTimeoutMilliseconds: number;
}

export interface RateLimitBlueprint {
  readonly requests: number;
  readonly perSeconds: number;
  readonly burst: number;
}

export interface LuaBlueprint {
  readonly code: string;
  readonly because?: string;
}

/** Pods of another image beside a Deployment's own, while there are any. */
export interface CanaryBlueprint {
  /** Name of its Deployment. */
  readonly name: string;
  /** Rewritten to the site's registry, pinned by digest. */
  readonly image: string;
  readonly version: string;
  readonly replicas: number;
  /** Requests in a hundred that it gets; the workload's own Pods get the rest. */
  readonly weight: number;
  /** Requests with all of these go to it anyway; empty: none do. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent where the workload has none. */
  readonly pool?: PoolBlueprint;
}
