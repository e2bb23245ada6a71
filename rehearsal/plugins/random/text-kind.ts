import { type PropertyMap, Unknown } from "../protocol/values";
import type { Kind, Made, Setting } from "./kind";
import { secure } from "./source";
import { randomText, type TextSettings } from "./text";

const on: Setting = { type: "boolean", default: true };
const least: Setting = { type: "integer", default: 0 };

/** RandomPassword and RandomString: the same settings, other results. */
export function textKind(of: {
  readonly stateVersion: number;
  readonly secret: readonly string[];
  readonly results: (text: string) => Promise<Made>;
}): Kind {
  return {
    settings: {
      keepers: { type: "map" },
      length: { type: "integer", required: true },
      lower: on,
      minLower: least,
      upper: on,
      minUpper: least,
      number: { type: "boolean" },
      numeric: { type: "boolean" },
      minNumeric: least,
      special: on,
      minSpecial: least,
      overrideSpecial: { type: "string" },
    },
    results: of.secret.includes("bcryptHash") ? ["result", "bcryptHash"] : ["result"],
    secret: of.secret,
    stateVersion: of.stateVersion,
    complete: completeText,
    faults: textFaults,
    make: async (settings) => {
      return await of.results(randomText(settingsOf(settings), secure));
    },
    find: async (id) => {
      const made = await of.results(id);
      return { ...made, properties: { ...made.properties, length: [...id].length } };
    },
  };
}

/** `number` is the old name of `numeric`: either gives its value to both. */
function completeText(settings: PropertyMap): PropertyMap {
  const numeric = settings.numeric ?? settings.number ?? true;
  return { ...settings, number: settings.number ?? numeric, numeric };
}

function textFaults(settings: PropertyMap): [string, string][] {
  const faults: [string, string][] = [];
  const given = settingsOf(settings);
  const sum = given.minUpper + given.minLower + given.minNumeric + given.minSpecial;
  if (given.length < 1) faults.push(["length", `needs to be at least 1, not ${given.length}`]);
  else if (given.length < sum) {
    faults.push([
      "length",
      `needs to be at least minUpper + minLower + minNumeric + minSpecial = ${sum}, not ${given.length}`,
    ]);
  }
  if (settings.number !== settings.numeric && !(settings.numeric instanceof Unknown)) {
    faults.push(["number", "needs the same value as numeric, whose old name it is"]);
  }
  if (!given.upper && !given.lower && !given.numeric && !given.special) {
    faults.push(["numeric", "needs one of special, upper, lower and numeric to be true"]);
  }
  return faults;
}

function settingsOf(settings: PropertyMap): TextSettings {
  const count = (name: string) => Number(settings[name] ?? 0);
  const flag = (name: string) => settings[name] !== false;
  return {
    length: count("length"),
    lower: flag("lower"),
    minLower: count("minLower"),
    upper: flag("upper"),
    minUpper: count("minUpper"),
    numeric: flag("numeric"),
    minNumeric: count("minNumeric"),
    special: flag("special"),
    minSpecial: count("minSpecial"),
    overrideSpecial: String(settings.overrideSpecial ?? ""),
  };
}
