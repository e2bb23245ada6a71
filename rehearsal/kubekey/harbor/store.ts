import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** What a Harbor keeps in its database. Numbers are given out from one counter for everything. */
export interface HarborData {
  nextId: number;
  /** Digest of the administrator's password. */
  admin: string;
  /** Signs tokens. */
  readonly tokenKey: string;
  projects: ProjectRecord[];
  robots: RobotRecord[];
  retentions: { id: number; policy: PlainObject }[];
  immutable: { id: number; projectId: number; rule: PlainObject }[];
  schedules: Partial<Record<ScheduleKind, ScheduleRecord>>;
  registries: PlainObject[];
  policies: PlainObject[];
}

export type PlainObject = Record<string, unknown>;
export type ScheduleKind = "gc" | "scanAll" | "purgeaudit";

export interface ProjectRecord {
  readonly id: number;
  readonly name: string;
  /** All values are texts. */
  metadata: Record<string, string>;
  readonly quotaId: number;
  /** Bytes; -1 for no limit. */
  limit: number;
  /** Bytes of each blob and manifest by digest. */
  readonly blobs: Record<string, number>;
}

export interface RobotRecord {
  readonly id: number;
  /** Without the prefix. */
  readonly name: string;
  description: string;
  duration: number;
  readonly createdAtSeconds: number;
  /** Seconds since 1970; -1 for never. */
  expiresAt: number;
  disable: boolean;
  permissions: readonly RobotPermission[];
  /** Digest of the password. */
  secret: string;
}

export interface RobotPermission {
  readonly kind: string;
  readonly namespace: string;
  readonly access: readonly { readonly resource: string; readonly action: string }[];
}

export interface ScheduleRecord {
  readonly id: number;
  readonly type: string;
  readonly cron: string;
  readonly parameters: PlainObject;
}

export const robotPrefix = "robot$";

/** Harbors that differ: the one that KubeKey installs, and a recent one. */
export type HarborRelease = "2.10" | "2.15";

/** A Harbor's database: one file beside its images, written anew with every change. */
export class Store {
  readonly data: HarborData;
  readonly release: HarborRelease;
  /** Whether Trivy was installed along. */
  scanner = true;
  private readonly file: string;

  /** @param password what a fresh Harbor's administrator has; one that is there keeps its own. */
  constructor(file: string, password: string, release: HarborRelease) {
    this.release = release;
    this.file = file;
    this.data = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : fresh(password);
    if (!existsSync(file)) this.save();
  }

  /** The next number. */
  id(): number {
    return this.data.nextId++;
  }

  save(): void {
    writeFileSync(`${this.file}.part`, JSON.stringify(this.data), { mode: 0o600 });
    renameSync(`${this.file}.part`, this.file);
  }

  project(name: string | undefined): ProjectRecord | undefined {
    return this.data.projects.find((project) => project.name === name);
  }

  robot(name: string): RobotRecord | undefined {
    return this.data.robots.find((robot) => `${robotPrefix}${robot.name}` === name);
  }
}

export function usedBytes(project: ProjectRecord): number {
  return Object.values(project.blobs).reduce((sum, size) => sum + size, 0);
}

export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function fresh(password: string): HarborData {
  const library = { id: 1, name: "library", metadata: { public: "true" }, quotaId: 2, limit: -1 };
  return {
    nextId: 3,
    admin: digestOf(password),
    tokenKey: randomBytes(32).toString("hex"),
    projects: [{ ...library, blobs: {} }],
    robots: [],
    retentions: [],
    immutable: [],
    schedules: {},
    registries: [],
    policies: [],
  };
}
