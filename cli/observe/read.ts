import { z } from "zod";
import { RunError } from "../../site/run-error";
import { answerText, type Watcher } from "../cluster-port/answer-text";
import { exitCodes } from "../exit-codes";

/** Answers of Prometheus, Alertmanager and Grafana, as far as they are needed here. */

/** Asks one of them: the answer's text. */
export type Get = (path: string) => Promise<string>;

const activeTarget = z.object({
  labels: z.record(z.string(), z.string()),
  scrapePool: z.string().default(""),
  scrapeUrl: z.string().default(""),
  lastError: z.string().default(""),
  health: z.enum(["up", "down", "unknown"]),
});
export type ActiveTarget = z.output<typeof activeTarget>;

const targetsAnswer = z.object({ data: z.object({ activeTargets: z.array(activeTarget) }) });

const loadedRule = z.object({
  name: z.string(),
  type: z.enum(["alerting", "recording"]),
  health: z.string().default("ok"),
  lastError: z.string().default(""),
  state: z.string().default("inactive"),
  alerts: z
    .array(z.object({ state: z.string(), labels: z.record(z.string(), z.string()) }))
    .default([]),
});
export type LoadedRule = z.output<typeof loadedRule>;

const rulesAnswer = z.object({
  data: z.object({
    groups: z.array(z.object({ name: z.string(), rules: z.array(loadedRule) })),
  }),
});
export type LoadedGroup = z.output<typeof rulesAnswer>["data"]["groups"][number];

const receiversAnswer = z.array(z.object({ name: z.string() }));
const dashboardsAnswer = z.array(z.object({ uid: z.string(), title: z.string().default("") }));

export const readTargets = async (get: Get): Promise<readonly ActiveTarget[]> =>
  parsed(targetsAnswer, await get("/api/v1/targets?state=active"), "Prometheus").data.activeTargets;

export const readGroups = async (get: Get): Promise<readonly LoadedGroup[]> =>
  parsed(rulesAnswer, await get("/api/v1/rules"), "Prometheus").data.groups;

export const readReceivers = async (get: Get): Promise<readonly string[]> =>
  parsed(receiversAnswer, await get("/api/v2/receivers"), "Alertmanager").map(({ name }) => name);

export const readMetrics = (get: Get): Promise<string> => get("/metrics");

/** Grafana answers at most 5000 of them at once. */
export const readDashboards = async (get: Get): Promise<readonly string[]> =>
  parsed(dashboardsAnswer, await get("/api/search?type=dash-db&limit=5000"), "Grafana").map(
    ({ uid }) => uid,
  );

function parsed<Value>(schema: z.ZodType<Value>, text: string, who: Watcher): Value {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new RunError(`${who} answered in a form that is not its own`, {
      nextStep: "see whether something else answers there, such as a page of a proxy",
      exitCode: exitCodes.remote,
      cause: error,
    });
  }
}

/** Asks what answers at a URL. @throws RunError with what it said when that was no good answer. */
export function getFrom(who: Watcher, url: string, headers: Record<string, string> = {}): Get {
  return (path) => answerText(who, url, path, { headers });
}
