import type { LoginBlueprint } from "../../site/blueprint-types";
import { hereDocument, shellWord } from "./shell-text";

/** A command for a login's shell and, when it needs one, what to write to its standard input. */
export interface RootCommand {
  readonly text: string;
  /** Whether the first line of standard input must be the sudo password. */
  readonly needsPassword: boolean;
}

/** First line of every script; what stands before it on standard input is not part of the script. */
const firstLine = "#!/bin/sh";

/**
 * Runs a script as root, the script coming on standard input (after the sudo password where one is needed). The text stays
 * short, because the command plugin repeats it in front of every error.
 */
export function rootCommandOnStdin(login: LoginBlueprint, word: string): RootCommand {
  switch (login.sudo) {
    case "none":
      return { text: `sh -s ${word}`, needsPassword: false };
    case "nopasswd":
      return { text: `sudo -n sh -s ${word}`, needsPassword: false };
    case "password":
      return { text: withPassword("cat", word), needsPassword: true };
  }
}

/**
 * Runs a script as root, the script standing in the command's own text. So a preview shows its change line by line even
 * where standard input holds the sudo password and is therefore hidden. Scripts hold no secret.
 */
export function rootCommandInText(login: LoginBlueprint, script: string): RootCommand {
  switch (login.sudo) {
    case "none":
      return { text: `sh -s ${hereDocument(script)}`, needsPassword: false };
    case "nopasswd":
      return { text: `sudo -n sh -s ${hereDocument(script)}`, needsPassword: false };
    case "password":
      return { text: withPassword(`cat ${hereDocument(script)}\n`, ""), needsPassword: true };
  }
}

/**
 * sudo is asked twice. First alone, so that a wrong password costs one attempt (with the script behind it, sudo would take
 * the script's first lines for second and third attempts, and some sites lock an account at three). Then with the script.
 * `-k` makes sudo ignore what it remembers. Where sudo asks for no password after all, the password line would reach the
 * inner shell as a command and its text the log: the inner shell therefore skips everything before the script's first line.
 * The password stands in a variable of the login shell and passes through printf, a builtin: never in an argument.
 */
function withPassword(source: string, word: string): string {
  const skip = `while IFS= read -r l; do [ "$l" != "${firstLine}" ] || exec sh -s ${word}; done; exit 70`;
  return [
    "IFS= read -r p",
    `e=$(printf '%s\\n' "$p" | LC_ALL=C sudo -k -S -p '' -v 2>&1) || { printf 'sudo refused: %s\\n' "$e" >&2; cat >/dev/null; exit 65; }`,
    `{ printf '%s\\n' "$p"; ${source.endsWith("\n") ? source : `${source}; `}} | LC_ALL=C sudo -k -S -p '' sh -c ${shellWord(skip)}`,
  ].join("\n");
}
