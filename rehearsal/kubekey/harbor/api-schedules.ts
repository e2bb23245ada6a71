import type { ApiCall, ApiReply, Route } from "./api-call";
import { requireCron } from "./cron";
import { Refusal } from "./reply";
import type { PlainObject, ScheduleKind, ScheduleRecord } from "./store";

/** Garbage collection, scan of everything and purge of the audit log: alike, and each a little different. */
export const scheduleRoutes: readonly Route[] = (["gc", "scanAll", "purgeaudit"] as const).flatMap(
  (kind): Route[] => {
    const path = new RegExp(`^/system/${kind}/schedule$`);
    const answer = (give: Route[2]): Route[2] => {
      return (call) => {
        if (kind !== "scanAll" || call.store.scanner) return give(call);
        throw new Refusal(412, "no scanner is configured, it's not possible to scan");
      };
    };
    return [
      [
        "GET",
        path,
        answer(({ store }) => ({ status: 200, body: told(kind, store.data.schedules[kind]) })),
      ],
      ["POST", path, answer((call) => made(kind, call))],
      [
        "PUT",
        path,
        answer((call) => {
          put(kind, call);
          return { status: 200 };
        }),
      ],
    ];
  },
);

/** A second one is refused, in different ways. */
function made(kind: ScheduleKind, call: ApiCall): ApiReply {
  const there = call.store.data.schedules[kind] !== undefined;
  const manual = (call.body.schedule as PlainObject | undefined)?.type === "Manual";
  if (there && !manual && kind === "scanAll") {
    throw new Refusal(
      412,
      "fail to set schedule for scan all as always had one, please delete it firstly then to re-schedule",
    );
  }
  if (there && !manual) throw new Refusal(409, "fail to set schedule as there is one already");
  put(kind, call);
  return { status: 201 };
}

function put(kind: ScheduleKind, { store, body }: ApiCall): void {
  const { schedule, parameters = {} } = body as {
    schedule?: { type?: string; cron?: string };
    parameters?: PlainObject;
  };
  if (kind === "purgeaudit") {
    const events = store.release === "2.10" ? "include_operations" : "include_event_types";
    for (const needed of ["audit_retention_hour", events]) {
      if (parameters[needed] === undefined) throw new Refusal(400, `${needed} should provide`);
    }
  }
  const workers = Number(parameters.workers ?? 1);
  const most = store.release === "2.10" ? 5 : 10;
  if (kind === "gc" && !(workers >= 1 && workers <= most)) {
    throw new Refusal(
      400,
      `Error: Invalid number of workers:${workers}. Workers must be greater than 0 and less than or equal to ${most}.`,
    );
  }
  const { type = "", cron = "" } = schedule ?? {};
  if (type === "Manual") return;
  if (type === "None") {
    delete store.data.schedules[kind];
  } else if (["Hourly", "Daily", "Weekly", "Custom"].includes(type)) {
    requireCron(cron, nouns[kind]);
    store.data.schedules[kind] = { id: store.id(), type, cron, parameters };
  } else throw new Refusal(400, `schedule type ${type} is not valid`);
  store.save();
}

const nouns: Readonly<Record<ScheduleKind, string>> = {
  gc: "gc",
  scanAll: "scan all",
  purgeaudit: "log rotation purge",
};

/** Two tell their parameters as a text of JSON; without a schedule those answer with nothing at all. */
function told(kind: ScheduleKind, found: ScheduleRecord | undefined): unknown {
  if (kind === "scanAll") {
    if (found === undefined) return null;
    const { id, type, cron } = found;
    return { id, schedule: { type, cron }, parameters: null };
  }
  if (found === undefined) return "";
  const { id, type, cron, parameters } = found;
  return {
    ...{ id, job_kind: cron, job_name: "", job_status: "", deleted: false },
    job_parameters: JSON.stringify(parameters),
    schedule: { type, cron },
  };
}
