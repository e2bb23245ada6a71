/** IPv4 addresses and networks as numbers, so that overlap and membership are plain comparisons. */

/** A run of addresses: `first` and `last` are unsigned 32-bit numbers. */
export interface Network {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

const octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
/** Exactly four decimal numbers without leading zeros, which some programs read as octal. */
export const addressPattern = new RegExp(`^${octet}(\\.${octet}){3}$`);
export const cidrPattern = new RegExp(`^${octet}(\\.${octet}){3}/(3[0-2]|[12]?[0-9])$`);

/** Whether a machine can have the address: not this network's, loopback's or a group's. */
export function isHostAddress(address: string): boolean {
  const first = Math.floor(addressNumber(address) / 2 ** 24);
  return first > 0 && first !== 127 && first < 224;
}

/** The number of an address; NaN when the text is none. */
export function addressNumber(address: string): number {
  if (!addressPattern.test(address)) return Number.NaN;
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function formatAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** The network of a CIDR such as 10.233.64.0/18, undefined when the text is none. */
export function parseNetwork(cidr: string): Network | undefined {
  if (!cidrPattern.test(cidr)) return undefined;
  const [address = "", prefixText = ""] = cidr.split("/");
  const prefix = Number(prefixText);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(addressNumber(address) / size) * size;
  return { first, last: first + size - 1, prefix };
}

/** The CIDR of the network that a text like 10.233.64.9/18 lies in. */
export function formatNetwork(network: Network): string {
  return `${formatAddress(network.first)}/${network.prefix}`;
}

/** Whether the text names a network itself, that is, all bits behind the prefix are zero. */
export function isNetworkAddress(cidr: string): boolean {
  const network = parseNetwork(cidr);
  return network !== undefined && formatNetwork(network) === cidr;
}

export function contains(network: Network, address: string): boolean {
  const number = addressNumber(address);
  return number >= network.first && number <= network.last;
}

export function overlap(one: Network, other: Network): boolean {
  return one.first <= other.last && other.first <= one.last;
}
