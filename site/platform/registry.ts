import { hostGroups } from "../groups";
import type { Site } from "../schema/site";
import type {
  HarborAuditPurge,
  HarborBlueprint,
  HarborGarbageCollection,
  HarborProject,
  HarborReplication,
  HarborRetention,
  RegistryBlueprint,
} from "./registry-types";

type SiteRegistry = Site["registry"];
type ProjectSettings = SiteRegistry["projects"][string];

/** Where the registry stands. */
export function registryBlueprint(site: Pick<Site, "registry" | "hosts">): RegistryBlueprint {
  const { host, passwordSecret, dataDir } = site.registry;
  const hostName = hostGroups(site.hosts).registry[0] ?? "";
  return {
    host,
    address: site.hosts.find(({ name }) => name === hostName)?.address ?? "",
    hostName,
    ...(passwordSecret !== undefined && { passwordSecret }),
    dataDir,
  };
}

/**
 * How Harbor is set up: a project for the first part of each image's path, which is the public registry's
 * namespace, so that names stay the same, and the projects that the site lists.
 */
export function harborBlueprint(
  { registry }: Pick<Site, "registry">,
  siteImages: readonly string[],
): HarborBlueprint {
  const found = siteImages.map(
    (image) => image.slice(registry.host.length + 1).split("/")[0] ?? "",
  );
  const names = [...new Set([...found.filter((name) => name !== ""), ...keys(registry.projects)])];
  return {
    configuration: {
      projects: record(names.sort(), (name) => project(registry.projects[name])),
      robots: record(keys(registry.robots), (name) => {
        const { projects = [], access, days = "never" } = registry.robots[name] ?? {};
        const text = access === "push" ? "pull, push" : "pull";
        return { access: record([...projects].sort(), () => text), days, enabled: true };
      }),
      garbageCollection: garbageCollection(registry),
      scan: { schedule: registry.scan.schedule },
      auditPurge: auditPurge(registry),
      ...(registry.replication !== undefined && { replication: replication(registry.replication) }),
    },
    robotSecrets: Object.fromEntries(
      Object.entries(registry.robots).flatMap(([name, { secret }]) =>
        secret === undefined ? [] : [[name, secret]],
      ),
    ),
    ...(registry.replication?.passwordSecret !== undefined && {
      replicationSecret: registry.replication.passwordSecret,
    }),
  };
}

/** Names of all secrets that the registry's part of a site refers to. */
export function registrySecretNames(registry: SiteRegistry): readonly string[] {
  const names = [
    registry.passwordSecret,
    registry.replication?.passwordSecret,
    ...Object.values(registry.robots).map(({ secret }) => secret),
  ];
  return names.filter((name) => name !== undefined);
}

function project(settings: ProjectSettings | undefined): HarborProject {
  const {
    public: isPublic = true,
    quotaGiB = "unlimited",
    retention,
    immutable = [],
  } = settings ?? {};
  return {
    public: isPublic,
    quotaGiB,
    ...(retention !== undefined && { retention: retentionOf(retention) }),
    immutable: Object.fromEntries(
      immutable.map((scope) => [scopeKey(scope), "immutable" as const]),
    ),
  };
}

function retentionOf({
  schedule,
  rules,
}: NonNullable<ProjectSettings["retention"]>): HarborRetention {
  return {
    schedule,
    rules: Object.fromEntries(
      rules.map((rule): [string, Record<string, number>] => [
        scopeKey(rule),
        {
          ...(rule.pushed !== undefined && { latestPushedK: rule.pushed }),
          ...(rule.pulled !== undefined && { latestPulledN: rule.pulled }),
        },
      ]),
    ),
  };
}

/** How a scope is called in configurations: tags alone cannot hold a colon, so this is one name for one scope. */
export function scopeKey({ repositories, tags }: { repositories: string; tags: string }): string {
  return `${repositories}:${tags}`;
}

function garbageCollection({ garbageCollection }: SiteRegistry): HarborGarbageCollection {
  const { schedule } = garbageCollection;
  return schedule === "never" ? { schedule } : { ...garbageCollection };
}

function auditPurge({ audit }: SiteRegistry): HarborAuditPurge {
  const { schedule, keepDays, events } = audit;
  if (schedule === "never") return { schedule };
  return { schedule, keepHours: keepDays * 24, events: [...events].sort().join(",") };
}

function replication(settings: NonNullable<SiteRegistry["replication"]>): HarborReplication {
  const { url, type, user = "", ca = "", when, projects, deletions } = settings;
  const [only] = projects;
  const names = projects.length === 1 ? only : `{${[...projects].sort().join(",")}}`;
  return {
    url,
    type,
    user,
    ca: ca.trim(),
    when,
    repositories: projects.length === 0 ? "" : `${names}/**`,
    deletions,
    enabled: true,
  };
}

function keys(of: object): string[] {
  return Object.keys(of).sort();
}

function record<Value>(names: readonly string[], value: (name: string) => Value) {
  return Object.fromEntries(names.map((name): [string, Value] => [name, value(name)]));
}
