import { page, type Route } from "./api-call";
import { projectOf } from "./api-projects";
import { requireCron } from "./cron";
import { Refusal } from "./reply";
import type { PlainObject, Store } from "./store";

const MOST_RULES = 15;

/** Retention policies, one a project, and rules of immutable tags. */
export const ruleRoutes: readonly Route[] = [
  [
    "POST",
    /^\/retentions$/,
    ({ store, body }) => {
      const project = checkedPolicy(store, body);
      const there = project.metadata.retention_id;
      if (there !== undefined) {
        throw new Refusal(400, `project ${project.id} already has retention policy ${there}`);
      }
      const id = store.id();
      store.data.retentions.push({ id, policy: body });
      project.metadata.retention_id = String(id);
      store.save();
      return { status: 201, headers: { location: `/api/v2.0/retentions/${id}` } };
    },
  ],
  [
    "GET",
    /^\/retentions\/(\d+)$/,
    ({ store, part }) => {
      const { id, policy } = retention(store, part(1));
      const rules = (policy.rules as PlainObject[]).map((rule, at) => ({ ...rule, id: at }));
      return { status: 200, body: { ...policy, id, rules } };
    },
  ],
  [
    "PUT",
    /^\/retentions\/(\d+)$/,
    ({ store, part, body }) => {
      checkedPolicy(store, body);
      retention(store, part(1)).policy = body;
      store.save();
      return { status: 200 };
    },
  ],
  [
    "DELETE",
    /^\/retentions\/(\d+)$/,
    ({ store, part }) => {
      const { id } = retention(store, part(1));
      store.data.retentions = store.data.retentions.filter((one) => one.id !== id);
      for (const { metadata } of store.data.projects) {
        if (metadata.retention_id === String(id)) delete metadata.retention_id;
      }
      store.save();
      return { status: 200 };
    },
  ],
  [
    "GET",
    /^\/projects\/([^/]+)\/immutabletagrules$/,
    (call) => {
      const project = projectOf(call);
      const rules = call.store.data.immutable.filter((one) => one.projectId === project.id);
      return page(
        call,
        rules.map(({ id, rule }) => ({ ...rule, id })),
      );
    },
  ],
  [
    "POST",
    /^\/projects\/([^/]+)\/immutabletagrules$/,
    (call) => {
      const project = projectOf(call);
      const { action, tag_selectors, scope_selectors } = call.body;
      if (action !== "immutable" || !Array.isArray(tag_selectors) || !scope_selectors) {
        throw new Refusal(400, "the immutable rule is not valid");
      }
      // The same rule is taken twice.
      const id = call.store.id();
      call.store.data.immutable.push({ id, projectId: project.id, rule: call.body });
      call.store.save();
      return { status: 201 };
    },
  ],
  [
    "DELETE",
    /^\/projects\/([^/]+)\/immutabletagrules\/(\d+)$/,
    (call) => {
      const project = projectOf(call);
      const { data } = call.store;
      const found = data.immutable.find((one) => String(one.id) === call.part(2));
      if (found?.projectId !== project.id) {
        throw new Refusal(404, `project id ${project.id} does not match`);
      }
      data.immutable = data.immutable.filter((one) => one !== found);
      call.store.save();
      return { status: 200 };
    },
  ],
];

function retention(store: Store, id: string) {
  const found = store.data.retentions.find((one) => String(one.id) === id);
  if (found === undefined) throw new Refusal(404, `no such Retention policy with id ${id}`);
  return found;
}

/** The project of a policy that could be taken. */
function checkedPolicy(store: Store, policy: PlainObject) {
  const { rules, scope, trigger } = policy as {
    rules?: PlainObject[];
    scope?: { level?: string; ref?: number };
    trigger?: { settings?: { cron?: string } };
  };
  if ((rules ?? []).length > MOST_RULES) {
    throw new Refusal(400, "only 15 rules are allowed at most");
  }
  const texts = (rules ?? []).map((rule) => JSON.stringify({ ...rule, id: 0 }));
  texts.forEach((text, at) => {
    const same = texts.indexOf(text);
    if (same !== at) throw new Refusal(409, `rule ${at} is conflict with rule ${same}`);
  });
  if (scope?.level !== "project") throw new Refusal(400, `scope ${scope?.level} is not support`);
  const project = store.data.projects.find(({ id }) => id === scope.ref);
  if (project === undefined) throw new Refusal(400, `invalid Project id ${scope.ref}`);
  const cron = trigger?.settings?.cron;
  if (cron) requireCron(cron, "retention");
  return project;
}
