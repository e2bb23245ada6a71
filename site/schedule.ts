/** Cron schedules as Kubernetes reads them: five fields, each a list of values, ranges and steps. */

interface Field {
  readonly least: number;
  readonly most: number;
  /** Words that stand for numbers, the first one for `least`. */
  readonly words?: readonly string[];
}

const fields: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  {
    least: 1,
    most: 12,
    words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { least: 0, most: 6, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

const macros = /^@(hourly|daily|midnight|weekly|monthly|yearly|annually)$/;

/** Whether Kubernetes would take a text as the schedule of a CronJob. */
export function isSchedule(text: string): boolean {
  if (macros.test(text)) return true;
  const parts = text.split(" ");
  return (
    parts.length === fields.length && fields.every((field, at) => isList(parts[at] ?? "", field))
  );
}

function isList(text: string, field: Field): boolean {
  return text.split(",").every((item) => {
    const [range = "", step, ...rest] = item.split("/");
    const stepFits = step === undefined || (/^[0-9]{1,2}$/.test(step) && Number(step) > 0);
    return rest.length === 0 && stepFits && isRange(range, field);
  });
}

function isRange(text: string, field: Field): boolean {
  if (text === "*" || text === "?") return true;
  const [from = "", to, ...rest] = text.split("-");
  const first = fieldValue(from, field);
  const last = to === undefined ? first : fieldValue(to, field);
  return rest.length === 0 && first <= last;
}

/** The number of a value; NaN when it is none or out of bounds. */
function fieldValue(text: string, { least, most, words = [] }: Field): number {
  const word = words.indexOf(text.toLowerCase());
  if (word >= 0) return word + least;
  const number = /^[0-9]{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : Number.NaN;
}
