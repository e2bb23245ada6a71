import { fingerprint } from "../../ssh/host-key";

/** What a key that a host shows is to the keys pinned for it. */
export type KeyStatus = "pinned" | "new" | "CHANGED";

export interface ShownKey {
  /** `<type> <base64>`. */
  readonly key: string;
  readonly type: string;
  /** As `ssh-keygen -lf` prints it on the host's console. */
  readonly fingerprint: string;
  readonly status: KeyStatus;
}

/**
 * Compares the keys that a host shows with those pinned for it. A key is changed when another of its type is pinned; and when
 * nothing that is pinned shows any more, every key is: that is how a host looks that was installed anew, or another machine.
 * One key that fits does not vouch for the others, since each was shown on a connection of its own.
 */
export function compareKeys(
  pinned: readonly string[],
  shown: readonly string[],
): readonly ShownKey[] {
  const stranger = pinned.length > 0 && !shown.some((key) => pinned.includes(key));
  const pinnedTypes = new Set(pinned.map(typeOf));
  return shown.map((key) => {
    const type = typeOf(key);
    const changed = stranger || pinnedTypes.has(type);
    const status = pinned.includes(key) ? "pinned" : changed ? "CHANGED" : "new";
    return { key, type, fingerprint: fingerprint(key), status };
  });
}

/**
 * The keys to pin for a host from now on, or undefined when nothing is to be written: nothing new, or something changed
 * that nobody said to replace. Pinned keys that the host did not show this time stay, unless it is replaced.
 */
export function keysToPin(
  pinned: readonly string[],
  shown: readonly ShownKey[],
  replace: boolean,
): readonly string[] | undefined {
  const changed = shown.some(({ status }) => status === "CHANGED");
  if (changed) return replace ? shown.map(({ key }) => key) : undefined;
  const fresh = shown.filter(({ status }) => status === "new").map(({ key }) => key);
  return fresh.length === 0 ? undefined : [...pinned, ...fresh];
}

function typeOf(key: string): string {
  return key.split(" ", 1)[0] ?? "";
}
