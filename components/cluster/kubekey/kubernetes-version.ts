/** Parts of `v1.33.4`; undefined for anything else, a missing patch or a leading zero included. */
export function parseVersion(text: string): readonly [number, number, number] | undefined {
  const found = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : undefined;
}

/** Negative when `one` is older than `other`, 0 when equal. Throws on text that is no version. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [parseVersion(one), parseVersion(other)];
  if (!a || !b) throw new Error(`not versions: ${one}, ${other}`);
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Last patch of each minor compiled into kk v3.1.12, and the one that it skips. Older minors are not offered. */
const V3_LAST_PATCH: Readonly<Record<number, number>> = {
  23: 17,
  24: 17,
  25: 16,
  26: 15,
  27: 16,
  28: 15,
  29: 15,
  30: 14,
  31: 12,
  32: 8,
  33: 4,
};
const V3_SKIPPED = new Set(["v1.29.13"]);

/** True when kk v3.1.12 carries checksums of this version; without them it fails after connecting. */
export function isKnownToV3(text: string): boolean {
  const version = parseVersion(text);
  if (version?.[0] !== 1 || V3_SKIPPED.has(text)) return false;
  return version[2] <= (V3_LAST_PATCH[version[1]] ?? -1);
}

/** True when kk v4.0.6 has defaults for the minor of this version; others fail after sudoers was edited. */
export function isKnownToV4(text: string): boolean {
  const version = parseVersion(text);
  return version !== undefined && version[0] === 1 && version[1] >= 23 && version[1] <= 34;
}
