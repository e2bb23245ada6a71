import { z } from "zod";
import { list, text, timezoneField, whole } from "../schema/fields";
import type { WorkloadKind } from "./kinds";

/**
 * Everything that a workload gets without saying so, in one table. A workload that needs something else states it
 * under `overrides` together with the reason. docs/workload-defaults.md shows the same table to operators.
 */

/** What the fallbacks of some settings depend on. */
export interface DefaultsContext {
  readonly kind: WorkloadKind;
  /** Whether others call it. */
  readonly served: boolean;
  readonly antiAffinity: "required" | "preferred" | "none";
  /** Whether it has a volume that one node at a time mounts. */
  readonly boundVolume: boolean;
  /** Time zone of the site. */
  readonly timezone: string;
}

interface Default<Field extends z.ZodType> {
  /** Kinds of workload that it means something for. */
  readonly kinds: readonly WorkloadKind[];
  readonly field: Field;
  readonly fallback: z.output<Field> | ((context: DefaultsContext) => z.output<Field>);
  /** What it is, for the documentation. */
  readonly what: string;
}

const anyKind: readonly WorkloadKind[] = [
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
];
const lasting: readonly WorkloadKind[] = ["Deployment", "StatefulSet", "DaemonSet"];
const replicated: readonly WorkloadKind[] = ["Deployment", "StatefulSet"];
const ending: readonly WorkloadKind[] = ["Job", "CronJob"];
const cron: readonly WorkloadKind[] = ["CronJob"];

function row<Field extends z.ZodType>(given: Default<Field>): Default<Field> {
  return given;
}

function oneOf<const Word extends string>(...words: readonly Word[]) {
  return z.enum(words, { error: `one of ${words.join(", ")}` });
}

const flag = z.boolean({ error: "true or false" });
const seconds = (least: number, most: number) => whole(least, most, "seconds");

/** Every setting by its name. */
export const workloadDefaults = {
  runAsUser: row({
    kinds: anyKind,
    field: whole(0, 4_294_967_294, "a user id"),
    // A user that no image and no host knows: a process that escapes owns nothing.
    fallback: 10_001,
    what: "User and group of every process, and group of its volumes; 0 is root, which needs Pod security `baseline`.",
  }),
  readOnlyRootFilesystem: row({
    kinds: anyKind,
    field: flag,
    fallback: true,
    what: "Whether containers write only to their volumes and to `/tmp`.",
  }),
  capabilities: row({
    kinds: anyKind,
    field: list(text(/^[A-Z][A-Z_]{1,30}$/, "a capability such as NET_BIND_SERVICE"), 40, "names"),
    fallback: [],
    what: "Linux capabilities that are kept; all others are dropped.",
  }),
  serviceAccountToken: row({
    kinds: anyKind,
    field: flag,
    fallback: false,
    what: "Whether Pods can call the Kubernetes API, under an account of the workload's name.",
  }),
  timeZone: row({
    kinds: anyKind,
    field: timezoneField,
    fallback: ({ timezone }) => timezone,
    what: "Time zone that processes see, as variable `TZ`. Default: the site's. A `TZ` of `env` wins.",
  }),
  tmpMiB: row({
    kinds: anyKind,
    field: whole(1, 1_048_576, "MiB"),
    fallback: 256,
    what: "Most that `/tmp` holds, in MiB.",
  }),
  imagePullPolicy: row({
    kinds: anyKind,
    field: oneOf("IfNotPresent", "Always"),
    fallback: "IfNotPresent",
    what: "When a node asks the registry. Images are pinned by digest, so what it has is right.",
  }),
  terminationGraceSeconds: row({
    kinds: anyKind,
    field: seconds(0, 7200),
    fallback: 30,
    what: "Seconds that a Pod has to end by itself, those of `preStopSeconds` included.",
  }),
  preStopSeconds: row({
    kinds: lasting,
    field: seconds(0, 3600),
    // Those who still know the Pod's address go on calling it for a moment.
    fallback: ({ served }) => (served ? 5 : 0),
    what: "Seconds that a Pod goes on serving after it was told to end: callers learn of that later. Default: 5 with `ports`, else 0.",
  }),
  updateStrategy: row({
    kinds: lasting,
    field: oneOf("rolling", "recreate", "onDelete"),
    // The new Pod would wait for a volume that the old one holds, and the old one for the new one to be ready.
    fallback: ({ kind, boundVolume }) =>
      kind === "Deployment" && boundVolume ? "recreate" : "rolling",
    what: "`rolling`: one Pod after the other; `recreate` (Deployment): all end before the first new one starts; `onDelete` (StatefulSet, DaemonSet): when somebody deletes the old Pod. Default: rolling, recreate for a Deployment with a claim of its own that is not shared.",
  }),
  revisionHistoryLimit: row({
    kinds: lasting,
    field: whole(0, 100, "revisions"),
    fallback: 5,
    what: "Old revisions that the cluster keeps.",
  }),
  maxUnavailable: row({
    kinds: replicated,
    field: whole(1, 1000, "Pods"),
    fallback: 1,
    what: "Pods that a drain may take at once. A workload of a single Pod has no such budget, which would only block drains.",
  }),
  zoneSpread: row({
    kinds: replicated,
    field: oneOf("preferred", "required", "none"),
    fallback: ({ antiAffinity }) => (antiAffinity === "none" ? "none" : "preferred"),
    what: "Whether Pods are spread evenly over zones. At sites whose hosts state no zone, `required` is as `preferred`. Default: preferred, none with `antiAffinity: none`.",
  }),
  progressDeadlineSeconds: row({
    kinds: ["Deployment"],
    field: seconds(10, 86_400),
    fallback: 300,
    what: "Seconds without progress after which a roll-out counts as failed.",
  }),
  podManagement: row({
    kinds: ["StatefulSet"],
    field: oneOf("ordered", "parallel"),
    fallback: "ordered",
    what: "Whether each Pod waits for the one before it.",
  }),
  activeDeadlineSeconds: row({
    kinds: ending,
    field: seconds(1, 604_800),
    fallback: 3600,
    what: "Seconds after which a run is ended as failed.",
  }),
  backoffLimit: row({
    kinds: ending,
    field: whole(0, 100, "retries"),
    fallback: 2,
    what: "Retries of a run that failed.",
  }),
  concurrency: row({
    kinds: cron,
    field: oneOf("forbid", "replace", "allow"),
    fallback: "forbid",
    what: "What happens to a run whose predecessor still goes: left out, put in its place, or started beside it.",
  }),
  startingDeadlineSeconds: row({
    kinds: cron,
    field: seconds(10, 604_800),
    fallback: 3600,
    what: "Seconds by which a run may be late; one that is later is left out.",
  }),
  successfulRunsKept: row({
    kinds: cron,
    field: whole(0, 100, "runs"),
    fallback: 1,
    what: "Finished runs whose Pods and logs are kept.",
  }),
  failedRunsKept: row({
    kinds: cron,
    field: whole(0, 100, "runs"),
    fallback: 3,
    what: "Failed runs whose Pods and logs are kept.",
  }),
  keepFinishedSeconds: row({
    kinds: cron,
    field: seconds(60, 2_592_000),
    fallback: 86_400,
    what: "Seconds after which a finished run goes even if it would be kept.",
  }),
} as const;

type Table = typeof workloadDefaults;
export type DefaultName = keyof Table;

/** Every setting of a workload, stated or not. */
export type WorkloadSettings = { readonly [Name in DefaultName]: z.output<Table[Name]["field"]> };

/** A value in place of a default, with the reason. */
export interface Override<Value> {
  readonly value: Value;
  readonly because: string;
}

type Overrides = {
  readonly [Name in DefaultName]?: Override<WorkloadSettings[Name]> | undefined;
};

export const defaultNames = Object.keys(workloadDefaults) as readonly DefaultName[];

const because = text(/^(?=.*\S.*\S)[^\n]{10,300}$/, "a reason in one line of at least 10 letters");

type Shape = {
  [Name in DefaultName]: z.ZodOptional<
    z.ZodObject<{ value: Table[Name]["field"]; because: typeof because }, z.core.$strict>
  >;
};

const shape = Object.fromEntries(
  defaultNames.map((name) => {
    const { field, what } = workloadDefaults[name];
    const entry = z.strictObject({
      value: field.describe(what),
      because: because.describe("Why this workload needs it."),
    });
    return [name, entry.optional().describe(what)];
  }),
) as unknown as Shape;

export const overridesField = z
  .strictObject(shape)
  .prefault({})
  .describe("Values in place of the platform's defaults, each with its reason.");

/** All settings of a workload: what it states, else the defaults. */
export function workloadSettings(overrides: Overrides, context: DefaultsContext): WorkloadSettings {
  const entries = defaultNames.map((name) => {
    const { fallback } = workloadDefaults[name];
    const value = typeof fallback === "function" ? fallback(context) : fallback;
    return [name, overrides[name]?.value ?? value] as const;
  });
  return Object.fromEntries(entries) as unknown as WorkloadSettings;
}
