import type { Source } from "./source";

/** A version 7 UUID: milliseconds since 1970, then random. */
export function uuid7(milliseconds: number, source: Source): string {
  const bytes = Buffer.concat([Buffer.alloc(6), source(10)]);
  bytes.writeUIntBE(milliseconds, 0, 6);
  return formatUuid(withVersion(bytes, 7));
}

/** A version 4 UUID. */
export function uuid4(source: Source): string {
  return formatUuid(withVersion(Buffer.from(source(16)), 4));
}

/** Sixteen bytes in the usual notation. */
export function formatUuid(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join("-");
}

/** True for the usual notation, in either case. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function withVersion(bytes: Buffer, version: number): Buffer {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes;
}
