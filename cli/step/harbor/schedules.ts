import { isDeepStrictEqual } from "node:util";
import type { HarborConfiguration } from "../../../site/platform/registry-types";
import type { Say } from "../../../ssh/session";
import type { HarborClient } from "./client";

type Schedules = Pick<HarborConfiguration, "garbageCollection" | "scan" | "auditPurge">;

/** A schedule as Harbor tells of it: two kinds give their parameters as a text of JSON, one as an object or not at all. */
interface FoundSchedule {
  readonly schedule?: { readonly type?: string; readonly cron?: string } | null;
  readonly job_parameters?: string;
}

/** What every question about scans is answered with where no scanner is installed. */
const NO_SCANNER = 412;

const places = {
  garbageCollection: { path: "/system/gc/schedule", noun: "garbage collection" },
  scan: { path: "/system/scanAll/schedule", noun: "scan of all images" },
  auditPurge: { path: "/system/purgeaudit/schedule", noun: "purge of the audit log" },
} as const;

export async function readSchedules(client: HarborClient): Promise<Schedules> {
  const collection = await read(client, "garbageCollection");
  const purge = await read(client, "auditPurge");
  const events = purge.parameters.include_event_types ?? purge.parameters.include_operations;
  return {
    garbageCollection:
      collection.schedule === "never"
        ? { schedule: "never" }
        : {
            schedule: collection.schedule,
            deleteUntagged: collection.parameters.delete_untagged === true,
            workers: Number(collection.parameters.workers ?? 1),
          },
    scan: { schedule: (await read(client, "scan")).schedule },
    auditPurge:
      purge.schedule === "never"
        ? { schedule: "never" }
        : {
            schedule: purge.schedule,
            keepHours: Number(purge.parameters.audit_retention_hour ?? 0),
            events: String(events ?? "")
              .split(",")
              .sort()
              .join(","),
          },
  };
}

async function read(client: HarborClient, kind: keyof Schedules) {
  const { path, noun } = places[kind];
  // A Harbor without a schedule answers with nothing at all.
  const what = `tell the schedule of the ${noun}`;
  const found = await client.get<FoundSchedule | null>(what, path, NO_SCANNER);
  const { type = "None", cron = "" } = found?.schedule ?? {};
  const parameters: Record<string, unknown> = JSON.parse(found?.job_parameters || "{}");
  const none = ["None", "Manual", ""].includes(type) || cron === "";
  return { schedule: none ? "never" : cron, parameters };
}

/** Sets what differs. */
export async function applySchedules(
  client: HarborClient,
  wanted: Schedules,
  say: Say,
): Promise<void> {
  const before = await readSchedules(client);
  const { garbageCollection, auditPurge } = wanted;
  const parameters = {
    garbageCollection: {
      delete_untagged: garbageCollection.deleteUntagged ?? false,
      workers: garbageCollection.workers ?? 1,
      dry_run: false,
    },
    scan: {},
    // Harbor refuses a purge, even none, without the hours and the events; up to 2.12 those have another name.
    auditPurge: {
      audit_retention_hour: auditPurge.keepHours ?? 24,
      include_event_types: auditPurge.events ?? "create,delete,pull",
      include_operations: auditPurge.events ?? "create,delete,pull",
      dry_run: false,
    },
  };
  for (const kind of ["garbageCollection", "scan", "auditPurge"] as const) {
    if (isDeepStrictEqual(before[kind], wanted[kind])) continue;
    const { schedule } = wanted[kind];
    const body = {
      schedule:
        schedule === "never" ? { type: "None", cron: "" } : { type: "Custom", cron: schedule },
      parameters: parameters[kind],
    };
    await set(client, kind, before[kind].schedule !== "never", body);
    say(`${places[kind].noun}: ${schedule}`);
  }
}

/** One schedule is made and later changed by different calls, and refuses the other one. */
async function set(client: HarborClient, kind: keyof Schedules, there: boolean, body: unknown) {
  const { path, noun } = places[kind];
  const what = `take the schedule of the ${noun}`;
  if (!there) {
    const status = await client.change(what, "POST", path, body, [200, 201, 409, 412]);
    if (status < 400) return;
    // Somebody made one in between; a missing scanner refuses the change in its own words.
  }
  await client.change(what, "PUT", path, body);
}
