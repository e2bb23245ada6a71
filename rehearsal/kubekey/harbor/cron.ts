import { isHarborSchedule } from "../../../site/harbor-schedule";
import { Refusal } from "./reply";

/** Refuses what Harbor refuses: fewer than six fields, and seconds other than 0. */
export function requireCron(cron: unknown, what: string): void {
  if (typeof cron === "string" && isHarborSchedule(cron)) return;
  const fields = String(cron).split(" ").length;
  const why =
    fields === 6 && !String(cron).startsWith("0 ")
      ? "the 1st field (indicating Seconds of time) of the cron setting must be 0"
      : `expected exactly 6 fields, found ${fields}: [${cron}]`;
  throw new Refusal(400, `invalid cron string for scheduled ${what}: ${cron}, error: ${why}`);
}
