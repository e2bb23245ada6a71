import type { HarborProject } from "../../../site/platform/registry-types";
import type { Say } from "../../../ssh/session";
import type { HarborClient } from "./client";
import { applyImmutable, applyRetention, readImmutable, readRetention } from "./rules";

/** A project as Harbor tells of it; the values of its metadata are texts. */
export interface FoundProject {
  readonly project_id: number;
  readonly name: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

interface FoundQuota {
  readonly id: number;
  readonly ref?: { readonly id?: number };
  readonly hard?: { readonly storage?: number };
}

const GIB = 1024 ** 3;

/** What is there of the wanted projects, asked for once; others are nobody's concern. */
export class HarborProjects {
  private readonly client: HarborClient;
  private found = new Map<string, FoundProject>();
  private quotas = new Map<number, FoundQuota>();

  constructor(client: HarborClient) {
    this.client = client;
  }

  /** Asks Harbor. */
  async load(): Promise<void> {
    const projects = await this.client.list<FoundProject>("list its projects", "/projects");
    this.found = new Map(projects.map((project) => [project.name, project]));
    const quotas = await this.client.list<FoundQuota>(
      "list its quotas",
      "/quotas?reference=project",
    );
    this.quotas = new Map(quotas.flatMap((one) => (one.ref?.id ? [[one.ref.id, one]] : [])));
  }

  /** Makes projects that lack, and changes the others where they differ. Never deletes one. */
  async apply(wanted: Readonly<Record<string, HarborProject>>, say: Say): Promise<void> {
    await this.load();
    const lacking = Object.keys(wanted).filter((name) => !this.found.has(name));
    for (const name of lacking) {
      const { public: isPublic = true, quotaGiB = "unlimited" } = wanted[name] ?? {};
      const body = {
        project_name: name,
        // All values in a project's metadata are texts.
        metadata: { public: String(isPublic) },
        storage_limit: bytes(quotaGiB),
      };
      // 409: somebody else made it in between; what it has is compared below like any other's.
      await this.client.change(`make the project ${name}`, "POST", "/projects", body, [201, 409]);
      say(`made the Harbor project ${name}`);
    }
    if (lacking.length > 0) await this.load();
    for (const [name, project] of Object.entries(wanted)) {
      const found = this.found.get(name);
      if (found) await this.change(found, project, say);
    }
  }

  private async change(found: FoundProject, wanted: HarborProject, say: Say): Promise<void> {
    const { project_id: id, name } = found;
    if (isPublic(found) !== wanted.public) {
      await this.client.change(`change the project ${name}`, "PUT", `/projects/${id}`, {
        metadata: { public: String(wanted.public) },
      });
      say(`made the Harbor project ${name} ${wanted.public ? "public" : "private"}`);
    }
    const quota = this.quotas.get(id);
    if (quota !== undefined && quota.hard?.storage !== bytes(wanted.quotaGiB)) {
      // The limit in a project's own request counts only when it is made.
      await this.client.change(`change the quota of ${name}`, "PUT", `/quotas/${quota.id}`, {
        hard: { storage: bytes(wanted.quotaGiB) },
      });
      say(
        `set the quota of ${name} to ${wanted.quotaGiB}${wanted.quotaGiB === "unlimited" ? "" : " GiB"}`,
      );
    }
    await applyRetention(this.client, found, wanted.retention, say);
    await applyImmutable(this.client, found, wanted.immutable, say);
  }

  /** The projects of these names as Harbor has them; one that is gone is left out. */
  async read(names: readonly string[]): Promise<Record<string, HarborProject>> {
    await this.load();
    const read: Record<string, HarborProject> = {};
    for (const name of names) {
      const found = this.found.get(name);
      if (found === undefined) continue;
      const retention = await readRetention(this.client, found);
      read[name] = {
        public: isPublic(found),
        quotaGiB: gib(this.quotas.get(found.project_id)?.hard?.storage),
        ...(retention !== undefined && { retention }),
        immutable: await readImmutable(this.client, found),
      };
    }
    return read;
  }
}

function isPublic({ metadata }: FoundProject): boolean {
  return metadata?.public === "true";
}

function bytes(quotaGiB: number | "unlimited"): number {
  return quotaGiB === "unlimited" ? -1 : quotaGiB * GIB;
}

/** A quota that was set by hand need not be whole. */
function gib(storage = -1): number | "unlimited" {
  return storage === -1 ? "unlimited" : storage / GIB;
}
