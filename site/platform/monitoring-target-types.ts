import type { Resources } from "../pod-types";

/** What is watched from outside: machines that are no nodes, and answers that clients get. */

/** Machines of one kind that show figures. */
export interface ScrapeBlueprint {
  /** Name of its object, and of the Secret with its password. */
  readonly name: string;
  readonly job: string;
  readonly path: string;
  /** Absent: as everywhere at the site. */
  readonly intervalSeconds?: number;
  readonly login?: { readonly user: string; readonly passwordSecret: string };
  /** Absent: plain HTTP. */
  readonly tls?: { readonly ca?: string; readonly serverName?: string };
  readonly targets: readonly ScrapeTarget[];
}

export interface ScrapeTarget {
  /** `192.0.2.51:9100` */
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ProbingBlueprint {
  /** Public reference of the program that asks. */
  readonly image: string;
  readonly replicas: number;
  readonly resources: Resources;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Ways to ask, by name. */
  readonly modules: Readonly<Record<string, ProbeModule>>;
  /** Whether the site's own authority is believed: its certificate is in this Secret then. */
  readonly siteAuthority?: { readonly secret: string; readonly key: string };
  readonly probes: readonly ProbeBlueprint[];
}

/** How something is asked, and which answers are good. */
export interface ProbeModule {
  readonly prober: "http" | "tcp";
  readonly timeoutSeconds: number;
  /** Empty: 200 to 299. */
  readonly statuses: readonly number[];
  /** What the answer holds, and what it must not, as regular expressions. */
  readonly contains?: string;
  readonly lacks?: string;
  /** Whether TLS is spoken; `unverified`: the certificate's end is looked at, not who signed it. */
  readonly tls?: "verified" | "unverified";
  /** Who signs its certificate: the site, this authority, or one that everybody knows. */
  readonly authority: "site" | "public" | { readonly ca: string };
  readonly login?: { readonly user: string; readonly passwordSecret: string };
  readonly clientCertificate?: { readonly certificateSecret: string; readonly keySecret: string };
}

/** One thing that is asked again and again. */
export interface ProbeBlueprint {
  readonly name: string;
  readonly job: string;
  readonly module: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** As people write it; the label `instance`. */
  readonly url: string;
  /** Where the question goes instead of asking a name server; Host and TLS keep the name. */
  readonly at?: string;
  readonly labels: Readonly<Record<string, string>>;
}
