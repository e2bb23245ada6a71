import { shellWord } from "../support/shell-text";

/** Where the Pod that imports finds what it imports. */
export const centreFolder = "/centre";

/** Entries in the form that `consul kv import` reads, in which a value may hold anything. */
export function centreImport(prefix: string, entries: Readonly<Record<string, string>>): string {
  const list = sortedKeys(entries).map((key) => ({
    key: `${prefix}${key}`,
    flags: 0,
    value: Buffer.from(entries[key] ?? "").toString("base64"),
  }));
  return `${JSON.stringify(list, null, 1)}\n`;
}

/**
 * A script for POSIX shell that makes what is below the prefix what stands in `file`: first what is wanted is written,
 * then what is not goes, so that no reader ever misses a key that stays. Doing it again changes nothing. It needs no
 * program but `consul`, which finds address and token in its environment.
 */
export function centreScript(
  prefix: string,
  entries: Readonly<Record<string, string>>,
  file = `${centreFolder}/entries.json`,
): string {
  const wanted = sortedKeys(entries).map((key) => `${prefix}${key}`);
  return `set -eu
prefix=${shellWord(prefix)}
# One key a line, with a line break before the first and after the last.
wanted=${shellWord(["", ...wanted, ""].join("\n"))}
consul kv import ${shellWord(`@${file}`)}
# An empty separator: all keys, not only those of the first level.
found=$(consul kv get -keys -separator= "$prefix")
printf '%s\\n' "$found" | while IFS= read -r key; do
  case $wanted in *"
$key
"*) continue ;; esac
  # Somebody's key may hold a line break; what comes after it is no key of ours.
  case $key in "$prefix"?*) consul kv delete "$key" </dev/null || exit 1 ;; esac
done
`;
}

function sortedKeys(entries: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(entries).sort();
}
