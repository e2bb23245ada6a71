/** An IPv4 subnet. */
export interface Subnet {
  /** As written, for example `192.0.2.0/24`. */
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

/** The address as a number, or undefined when the text is no dotted IPv4 address. */
export function parseAddress(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const bytes = match.slice(1).map(Number);
  if (bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The number as a dotted IPv4 address. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** The address as eight hexadecimal digits: short and unique, for the names of links. */
export function hexAddress(text: string): string {
  return (parseAddress(text) ?? 0).toString(16).padStart(8, "0");
}

/**
 * The subnet, or undefined when the text is none, has host bits set, or leaves no room for two
 * machines.
 */
export function parseSubnet(text: string): Subnet | undefined {
  const [base, length, ...rest] = text.split("/");
  const first = parseAddress(base ?? "");
  if (first === undefined || length === undefined || rest.length > 0) return undefined;
  if (!/^\d{1,2}$/.test(length)) return undefined;
  const prefix = Number(length);
  if (prefix < 8 || prefix > 30) return undefined;
  const size = 2 ** (32 - prefix);
  if (first % size !== 0) return undefined;
  return { text, first, last: first + size - 1, prefix };
}

/** True when the address may be a machine's in this subnet: neither its name nor its broadcast. */
export function contains(subnet: Subnet, address: number): boolean {
  return address > subnet.first && address < subnet.last;
}

/** True when two subnets share an address. */
export function addressesOverlap(one: Subnet, other: Subnet): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** The highest address of the subnet that nobody uses, or undefined when it is full. */
export function freeAddress(subnet: Subnet, used: ReadonlySet<string>): string | undefined {
  for (let address = subnet.last - 1; address > subnet.first; address -= 1) {
    const text = formatAddress(address);
    if (!used.has(text)) return text;
  }
  return undefined;
}
