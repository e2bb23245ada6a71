/** The site's image registry: where it stands, and how its Harbor is set up. Secrets appear by name only. */

export interface RegistryBlueprint {
  /** Name that images carry, for example dockerhub.kubekey.local. */
  readonly host: string;
  readonly address: string;
  readonly hostName: string;
  /** Secret with the admin password; absent means a random one kept in state. */
  readonly passwordSecret?: string;
  readonly dataDir: string;
}

export interface HarborBlueprint {
  readonly configuration: HarborConfiguration;
  /** Secrets that the site gives for robots, by robot; the other robots get random ones kept in state. */
  readonly robotSecrets: Readonly<Record<string, string>>;
  /** Secret with the password for the second registry. */
  readonly replicationSecret?: string;
}

/**
 * What Harbor is to hold, and what is read back from it: nested records by name, so that a difference is told by
 * project, robot and key. All of it is known in a preview; nothing in it is secret.
 */
export interface HarborConfiguration {
  readonly projects: Readonly<Record<string, HarborProject>>;
  readonly robots: Readonly<Record<string, HarborRobot>>;
  readonly garbageCollection: HarborGarbageCollection;
  readonly scan: { readonly schedule: string };
  readonly auditPurge: HarborAuditPurge;
  readonly replication?: HarborReplication;
}

export interface HarborProject {
  readonly public: boolean;
  readonly quotaGiB: number | "unlimited";
  readonly retention?: HarborRetention;
  /** Patterns of immutable tags, `repositories:tags`. */
  readonly immutable: Readonly<Record<string, "immutable" | "switched off">>;
}

export interface HarborRetention {
  /** Six fields, or `never`. */
  readonly schedule: string;
  /** By pattern, `repositories:tags`: what is kept, as Harbor's name of the rule and its number. */
  readonly rules: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface HarborRobot {
  /** What it may do, by project: `pull` or `pull, push`. */
  readonly access: Readonly<Record<string, string>>;
  readonly days: number | "never";
  readonly enabled: boolean;
  /** Read only, where Harbor does not take the password that it was given; the next run sets it again. */
  readonly password?: "refused";
}

/** Without a schedule Harbor keeps none of the other settings. */
export interface HarborGarbageCollection {
  readonly schedule: string;
  readonly deleteUntagged?: boolean;
  readonly workers?: number;
}

export interface HarborAuditPurge {
  readonly schedule: string;
  readonly keepHours?: number;
  /** Separated by commas, sorted. */
  readonly events?: string;
}

export interface HarborReplication {
  readonly url: string;
  readonly type: string;
  readonly user: string;
  readonly ca: string;
  /** `push` or a schedule of six fields. */
  readonly when: string;
  /** Pattern of what is copied; empty for everything. */
  readonly repositories: string;
  readonly deletions: boolean;
  readonly enabled: boolean;
}
