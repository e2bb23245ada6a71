import { z } from "zod";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { type ApiAccess, ask } from "../step/api-client";
import {
  type ControllerObject,
  controllerObject,
  type EventObject,
  eventObject,
  type Kind,
  type PodObject,
  podObject,
} from "./objects";

/** What a cluster has of a product: one list of each kind, however many workloads there are. */
export interface Running {
  /** Objects of the kinds that were asked for, and the Jobs of CronJobs. */
  readonly controllers: Readonly<Partial<Record<Kind, readonly ControllerObject[]>>>;
  readonly pods: readonly PodObject[];
}

const paths: Readonly<Record<Kind, string>> = {
  Deployment: "/apis/apps/v1/deployments",
  StatefulSet: "/apis/apps/v1/statefulsets",
  DaemonSet: "/apis/apps/v1/daemonsets",
  Job: "/apis/batch/v1/jobs",
  CronJob: "/apis/batch/v1/cronjobs",
};

/** Items that the API server hands out at once: it stays small however large the site is. */
const pageSize = 500;

const timeoutSeconds = 30;

/** Reads everything that carries the product's label, the lists at the same time. */
export async function readRunning(
  access: ApiAccess,
  product: string,
  kinds: readonly Kind[],
): Promise<Running> {
  const wanted = new Set(kinds);
  if (wanted.has("CronJob")) wanted.add("Job");
  const [pods, ...lists] = await Promise.all([
    readPods(access, product),
    ...[...wanted].map(
      async (kind) =>
        [kind, await list(access, paths[kind], controllerObject, ofProduct(product))] as const,
    ),
  ]);
  return { pods, controllers: Object.fromEntries(lists) };
}

/** The product's Pods, in all its namespaces or in one. */
export function readPods(
  access: ApiAccess,
  product: string,
  namespace?: string,
): Promise<readonly PodObject[]> {
  const path = namespace === undefined ? "/api/v1/pods" : `/api/v1/namespaces/${namespace}/pods`;
  return list(access, path, podObject, ofProduct(product));
}

/** Warnings that the cluster keeps of a namespace, for about an hour each. */
export function readWarnings(
  access: ApiAccess,
  namespace: string,
): Promise<readonly EventObject[]> {
  const path = `/api/v1/namespaces/${namespace}/events`;
  return list(access, path, eventObject, { fieldSelector: "type=Warning" });
}

/** Everything that a release brings carries it, whoever applies it. */
function ofProduct(product: string): Readonly<Record<string, string>> {
  return { labelSelector: `app.kubernetes.io/part-of=${product}` };
}

/** Reads a whole list of the API, page after page. Throws RunError when it is refused. */
export async function list<Item extends z.ZodType>(
  access: ApiAccess,
  path: string,
  item: Item,
  query: Readonly<Record<string, string>>,
): Promise<readonly z.output<Item>[]> {
  const page = z.object({
    items: z.array(item).nullish(),
    metadata: z.object({ continue: z.string().optional() }).prefault({}),
  });
  const items: z.output<Item>[] = [];
  let next: string | undefined;
  do {
    const search = new URLSearchParams({ ...query, limit: String(pageSize) });
    if (next !== undefined) search.set("continue", next);
    const answer = await ask(access, { method: "GET", path: `${path}?${search}` }, timeoutSeconds);
    const read = answer.status === 200 ? page.safeParse(JSON.parse(answer.body)) : undefined;
    if (read?.success !== true) throw refused(path, answer.status, answer.body);
    items.push(...(read.data.items ?? []));
    next = read.data.metadata.continue || undefined;
  } while (next !== undefined);
  return items;
}

function refused(path: string, status: number, body: string): RunError {
  const said = status === 200 ? "something that is no list" : `${status}: ${statusMessage(body)}`;
  return new RunError(`the API server does not list ${path}, it says ${said}`, {
    nextStep: "run the same command again; if it stays, look at the API server's log",
    exitCode: exitCodes.remote,
  });
}

/** The sentence in an answer of the API server that is a Status object, or the answer's beginning. */
export function statusMessage(body: string): string {
  try {
    const { message } = z.looseObject({ message: z.string() }).parse(JSON.parse(body));
    return message;
  } catch {
    return body.trim().slice(0, 300) || "nothing";
  }
}
