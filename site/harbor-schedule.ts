import { isSchedule } from "./schedule";

/** Whether Harbor takes a text as a schedule: six fields, of which the first, the seconds, must be 0. */
export function isHarborSchedule(text: string): boolean {
  return text.startsWith("0 ") && isSchedule(text.slice(2)) && text.split(" ").length === 6;
}
