import type { NotificationBlueprint } from "../alerting/notification-types";
import type { RuleFile } from "../alerting/rule-types";
import type { Dashboard } from "../dashboards/dashboard-types";
import type { Resources } from "../pod-types";
import type { RedirectBlueprint, RouteBlueprint } from "./ingress-types";
import type { PlatformPart } from "./part-types";
import type { PolicyBlueprint } from "./tenancy-types";

/** Everything decided about Nightingale. */
export interface NightingaleBlueprint extends PlatformPart {
  readonly namespace: string;
  readonly server: NightingaleServer;
  readonly database: DatabaseBlueprint;
  readonly redis: RedisBlueprint;
  readonly route?: RouteBlueprint;
  /** Absent where nothing is sent on to HTTPS by the standby. */
  readonly redirect?: RedirectBlueprint;
  readonly policies: readonly PolicyBlueprint[];
  /** Entry of the stack's secrets with root's password; absent where it is random. */
  readonly rootPasswordSecret?: string;
  /** IANA name; what times of rules and messages are in. */
  readonly timezone: string;
  readonly content: NightingaleContent;
}

/** Nightingale's own Pods. */
export interface NightingaleServer {
  /** Of its Pods, its Service and everything else that is its alone. */
  readonly name: string;
  readonly port: number;
  readonly image: string;
  readonly replicas: number;
  /** Whether no two Pods may share a host. */
  readonly ownHosts: boolean;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly resources: Resources;
  readonly historyDays: number;
}

/** A database that is spoken to. */
interface DatabaseLogin {
  readonly engine: "mysql" | "postgres";
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly tls: boolean;
  /** Authority of its certificate; absent where everybody knows it. */
  readonly ca?: string;
}

export type DatabaseBlueprint = DatabaseLogin &
  (
    | { readonly kind: "own"; readonly pod: OwnPod; readonly claim: OwnClaim }
    | { readonly kind: "external"; readonly passwordSecret: string }
  );

export type RedisBlueprint = {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly ca?: string;
} & (
  | { readonly kind: "own"; readonly pod: OwnPod }
  | { readonly kind: "external"; readonly user?: string; readonly passwordSecret?: string }
);

/** The one Pod of a program of ours. */
export interface OwnPod {
  readonly name: string;
  readonly image: string;
  readonly resources: Resources;
  readonly nodeSelector: Readonly<Record<string, string>>;
}

export interface OwnClaim {
  readonly sizeGiB: number;
  /** Absent: the cluster's default class. */
  readonly storageClass?: string;
}

/** What it shows, before it is written in its own words. */
export interface NightingaleContent {
  readonly site: string;
  /** Where the figures come from, as its Pods reach it. */
  readonly prometheusUrl: string;
  /** Names of teams that rules go to. */
  readonly teams: readonly string[];
  readonly rules: readonly RuleFile[];
  readonly dashboards: readonly Dashboard[];
  /** Present where Nightingale tells people. */
  readonly notification?: NotificationBlueprint;
}
