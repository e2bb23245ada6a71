import { type ApiCall, page, type Route } from "./api-call";
import { Refusal } from "./reply";
import { type ProjectRecord, usedBytes } from "./store";

const projectName = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** Projects and their quotas. */
export const projectRoutes: readonly Route[] = [
  [
    "HEAD",
    /^\/projects$/,
    ({ store, query }) => ({
      status: store.project(query.get("project_name") ?? "") ? 200 : 404,
    }),
  ],
  [
    "GET",
    /^\/projects$/,
    (call) => {
      const wanted = call.query.get("name") ?? "";
      const found = call.store.data.projects.filter(({ name }) => name.includes(wanted));
      return page(call, found.map(told));
    },
  ],
  [
    "POST",
    /^\/projects$/,
    ({ store, body }) => {
      const { project_name: name, metadata, storage_limit: limit } = body;
      if (typeof name !== "string" || !projectName.test(name) || name.length > 255) {
        throw new Refusal(400, `the project name ${JSON.stringify(name)} is not valid`);
      }
      if (store.project(name)) throw new Refusal(409, `The project named ${name} already exists`);
      const project = {
        id: store.id(),
        name,
        metadata: { public: "false", ...checkedMetadata(metadata) },
        quotaId: store.id(),
        // None, and 0, mean the default for all projects, which is no limit.
        limit: typeof limit === "number" && limit !== 0 ? limit : -1,
        blobs: {},
      };
      store.data.projects.push(project);
      store.save();
      return { status: 201, headers: { location: `/api/v2.0/projects/${project.id}` } };
    },
  ],
  ["GET", /^\/projects\/([^/]+)$/, (call) => ({ status: 200, body: told(projectOf(call)) })],
  [
    "PUT",
    /^\/projects\/([^/]+)$/,
    (call) => {
      const project = projectOf(call);
      // A limit in here is taken and forgotten.
      Object.assign(project.metadata, checkedMetadata(call.body.metadata));
      call.store.save();
      return { status: 200 };
    },
  ],
  [
    "DELETE",
    /^\/projects\/([^/]+)$/,
    (call) => {
      const project = projectOf(call);
      if (usedBytes(project) > 0) {
        throw new Refusal(412, "the project contains repositories, can not be deleted");
      }
      const { data } = call.store;
      data.projects = data.projects.filter((one) => one !== project);
      call.store.save();
      return { status: 200 };
    },
  ],
  [
    "GET",
    /^\/quotas$/,
    (call) => {
      const id = call.query.get("reference_id");
      const found = call.store.data.projects.filter((one) => id === null || String(one.id) === id);
      return page(call, found.map(quotaTold));
    },
  ],
  [
    "PUT",
    /^\/quotas\/(\d+)$/,
    ({ store, part, body }) => {
      const project = store.data.projects.find((one) => String(one.quotaId) === part(1));
      if (project === undefined) throw new Refusal(404, `quota ${part(1)} not found`);
      const storage = (body.hard as { storage?: unknown } | undefined)?.storage;
      if (storage === undefined) throw new Refusal(400, "hard required in body");
      if (typeof storage !== "number" || (storage <= 0 && storage !== -1)) {
        throw new Refusal(400, `invalid value ${storage} of storage`);
      }
      project.limit = storage;
      store.save();
      return { status: 200 };
    },
  ],
];

/**
 * The project that a path names: by number where it looks like one, unless a header says that it is a name.
 * @throws Refusal 404
 */
export function projectOf({ store, part, headers }: ApiCall): ProjectRecord {
  const key = part(1);
  const byName = headers["x-is-resource-name"] === "true" || !/^\d+$/.test(key);
  const found = byName
    ? store.project(key)
    : store.data.projects.find(({ id }) => String(id) === key);
  if (found === undefined) throw new Refusal(404, `project ${key} not found`);
  return found;
}

function told({ id, name, metadata }: ProjectRecord) {
  return { project_id: id, name, metadata };
}

function quotaTold(project: ProjectRecord) {
  return {
    id: project.quotaId,
    ref: { id: project.id, name: project.name },
    hard: { storage: project.limit },
    used: { storage: usedBytes(project) },
  };
}

/** Texts only; the number of a retention policy is set by making one. */
function checkedMetadata(metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {};
  const entries = Object.entries(metadata as object).filter(([key]) => key !== "retention_id");
  for (const [key, value] of entries) {
    if (typeof value !== "string") {
      throw new Refusal(400, `parsing metadata body: ${key} must be of type string`);
    }
  }
  const values = Object.fromEntries(entries) as Record<string, string>;
  if (values.public !== undefined && !["true", "false"].includes(values.public)) {
    throw new Refusal(400, "metadata.public should only be 'true' or 'false'");
  }
  return values;
}
