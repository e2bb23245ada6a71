import { isIPv4 } from "node:net";

/** An IPv4 address as a number, or undefined when it is none. */
export function addressNumber(text: string): number | undefined {
  if (!isIPv4(text)) return undefined;
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** A number as an IPv4 address. */
export function addressText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** A subnet's first address and size, or undefined when the text is no subnet or has host bits set. */
export function parseCidr(text: string): { first: number; size: number; bits: number } | undefined {
  const [address = "", bitsText = "", ...rest] = text.split("/");
  const first = addressNumber(address);
  const bits = Number(bitsText);
  if (first === undefined || rest.length > 0 || !/^\d{1,2}$/.test(bitsText) || bits > 32)
    return undefined;
  const size = 2 ** (32 - bits);
  return first % size === 0 ? { first, size, bits } : undefined;
}

/** True when the subnets share an address. Both must be valid. */
export function cidrsOverlap(a: string, b: string): boolean {
  const [one, other] = [parseCidr(a), parseCidr(b)];
  if (one === undefined || other === undefined) return false;
  return one.first < other.first + other.size && other.first < one.first + one.size;
}

/** True when the subnet holds the address. */
export function cidrHolds(cidr: string, address: string): boolean {
  const [range, value] = [parseCidr(cidr), addressNumber(address)];
  if (range === undefined || value === undefined) return false;
  return value >= range.first && value < range.first + range.size;
}

/** The nth address of a subnet, 1 for the API server's service address. */
export function nthAddress(cidr: string, n: number): string {
  const range = parseCidr(cidr);
  if (range === undefined) throw new Error(`invalid CIDR address: ${cidr}`);
  return addressText(range.first + n);
}
