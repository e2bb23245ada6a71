import { isKnown } from "./unknown";

/** What stands after the number of a Kubernetes quantity, and by what it multiplies. */
const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const form = /^\+?(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/;

/** A Kubernetes quantity of any spelling as a number: cores, bytes or pieces. Undefined for what is none, or below zero. */
export function quantity(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== "string" || value.length > 40) return undefined;
  const [, number, exponent, suffix = ""] = form.exec(value) ?? [];
  const factor = exponent === undefined ? factors[suffix] : 10 ** Number(exponent);
  if (number === undefined || factor === undefined) return undefined;
  // 0.1 × 1e-3 and the like are to be the number that people mean.
  return Number((Number(number) * factor).toPrecision(15));
}

/** The amount of one thing among others, such as `cpu` of `limits`; undefined where it is missing, odd or not yet known. */
export function amountOf(
  amounts: Readonly<Record<string, unknown>>,
  name: string,
): number | undefined {
  return isKnown(amounts, name) ? quantity(amounts[name]) : undefined;
}

/** A quantity as it stands there, for messages. */
export function writtenAmount(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  return typeof value === "string" || typeof value === "number"
    ? String(value).slice(0, 60)
    : `a value of type ${typeof value}`;
}

/** Bytes of a mebibyte, and of a gibibyte. */
export const mebi = 2 ** 20;
export const gibi = 2 ** 30;
