const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const QUANTITY =
  /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d+)?$/;

/**
 * A resource quantity in the one spelling that Kubernetes keeps: "1024Mi" is "1Gi", "0.5" is
 * "500m", 2 is "2". What is no quantity comes back as it was.
 */
export function canonicalQuantity(text: string): string {
  const match = QUANTITY.exec(text.trim());
  if (match === null) return text;
  const [, sign = "", digits = "0", suffix = ""] = match;
  const { value, scale } = decimalOf(digits);
  const spelled =
    BINARY.indexOf(suffix) > 0
      ? binary(value, scale, BINARY.indexOf(suffix))
      : /^[eE]/.test(suffix)
        ? exponent(value, scale, Number(suffix.slice(1)))
        : decimal(value, scale, (DECIMAL.indexOf(suffix) - 3) * 3);
  return sign === "-" && spelled !== "0" ? `-${spelled}` : spelled;
}

/** Digits as an integer and how many of them stand behind the point. */
function decimalOf(digits: string): { value: bigint; scale: number } {
  const [whole = "", fraction = ""] = digits.split(".");
  return { value: BigInt(`${whole}${fraction}` || "0"), scale: fraction.length };
}

/** In powers of 1024; what such a power cannot say exactly is rounded up to whole units. */
function binary(value: bigint, scale: number, power: number): string {
  const units = value * 1024n ** BigInt(power);
  const divisor = 10n ** BigInt(scale);
  // Below 1024 and not whole, Kubernetes goes over to decimal spelling.
  if (units % divisor !== 0n) return decimal(units, scale, 0);
  let whole = units / divisor;
  if (whole < 1024n) return decimal(whole, 0, 0);
  let step = 0;
  while (whole % 1024n === 0n && step < BINARY.length - 1) {
    whole /= 1024n;
    step++;
  }
  return `${whole}${BINARY[step]}`;
}

/** In powers of 1000, with nano as the smallest. */
function decimal(value: bigint, scale: number, power: number): string {
  const nano = inNano(value, power - scale);
  if (nano === 0n) return "0";
  const { mantissa, exponent: steps } = stripThousands(nano, DECIMAL.length - 1);
  return `${mantissa}${DECIMAL[steps]}`;
}

/** Like decimal, spelled with e; the exponent is a multiple of three. */
function exponent(value: bigint, scale: number, power: number): string {
  const nano = inNano(value, power - scale);
  if (nano === 0n) return "0";
  const { mantissa, exponent: steps } = stripThousands(nano, Number.MAX_SAFE_INTEGER);
  const written = (steps - 3) * 3;
  return written === 0 ? `${mantissa}` : `${mantissa}e${written}`;
}

function inNano(value: bigint, power: number): bigint {
  const shift = power + 9;
  if (shift >= 0) return value * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (value + divisor - 1n) / divisor;
}

function stripThousands(nano: bigint, most: number): { mantissa: bigint; exponent: number } {
  let mantissa = nano;
  let steps = 0;
  while (mantissa % 1000n === 0n && steps < most) {
    mantissa /= 1000n;
    steps++;
  }
  return { mantissa, exponent: steps };
}
