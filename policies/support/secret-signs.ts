/** What gives a secret away in texts where none may stand. Nothing here repeats what it found. */

/** Words that end the names of what is secret. */
const secretWord =
  "password|passwd|pwd|passphrase|token|(?:api|access|private|secret|encryption)[_.-]?key";
const named = new RegExp(`(?:^|[_.-]|(?<=[a-z0-9]))(?:${secretWord})s?\\d*$`, "i");
/** In names of one word after another `clientSecret` is as often the name of a Secret as a secret. */
const namedSecret = /(?:^|[_.-])(?:secret|pass)$/i;

/** `token-secret-key` is the key of a Secret under which the token is. */
const keyOfSecret = /(?:token|password|key)[_.-]?secret[_.-]?key$/i;

/**
 * `password: text`, `"password": "text"`, `--password=text`, `PASSWORD=text`. Names are looked for where they begin alone:
 * else a text without gaps would be gone through once for each of its letters.
 */
const assignment = new RegExp(
  `(?<![\\w.-])([\\w.-]*(?:${secretWord}|(?:[_.-]|\\b)(?:secret|pass)))\\\\*["']?[ \\t]*[:=][ \\t]*\\\\*["']?([^\\s"',;}\\\\]+)`,
  "gi",
);

/** Texts that stand for a value, or are none: variables, templates, paths, switches. */
const stand =
  /^(?:[$%<{*&!|>[=:~`]|\/|file:|(?:true|false|null|none|nil|yes|no|on|off|required|optional|x+|\.+)$)|\$[({]|\{\{|\(|^\\?["']/i;

const privateKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----[\s\\nr]*[A-Za-z0-9+/=]{32}/;
const loginInAddress = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:([^\s/@"']+)@/gi;

/** Whether a name says that its value is a secret, and the value is one. `harmless`: names that only sound so. */
export function isNamedSecret(
  name: string,
  value: string,
  harmless: readonly string[] = [],
): boolean {
  if (value === "" || stand.test(value) || harmless.includes(name)) return false;
  if (keyOfSecret.test(name) || !(named.test(name) || namedSecret.test(name))) return false;
  // Numbers of tokens, ages of keys: only passwords are numbers.
  return !/^-?[\d.]+[a-z]{0,2}$/i.test(value) || /pass|pwd/i.test(name);
}

/** Names in a text that are given a secret there, with the number of the line. */
export function* assignedSecrets(
  text: string,
  harmless: readonly string[] = [],
): Iterable<{ readonly name: string; readonly line: number }> {
  for (const { 1: whole = "", 2: value = "", index } of text.matchAll(assignment)) {
    const name = whole.replace(/^[.-]+/, "");
    if (!isNamedSecret(name, value, harmless)) continue;
    yield { name, line: text.slice(0, index).split("\n").length };
  }
}

/** What tells a run's secrets in texts. Made once for all texts of a run. */
export class SecretSigns {
  /** Told wherever they stand. */
  readonly #parts: readonly string[];
  /** Weak ones, which are words or parts of words elsewhere: told only where nothing else stands. */
  readonly #wholes: ReadonlySet<string>;

  /** @param values those of the stack's secrets; empty where they are not known. */
  constructor(values: readonly string[]) {
    const texts = values.map((value) => value.trim()).filter((value) => value.length >= 6);
    const isWeak = (text: string) => text.length < 8 || /^[a-z-]{1,16}$/.test(text);
    const strong = texts.filter((text) => !isWeak(text) && !isPublic(text));
    this.#wholes = new Set(texts.filter(isWeak));
    this.#parts = strong.flatMap((text) => [longestLine(text), base64(text)]);
  }

  /** What a text gives away; undefined for nothing. */
  in(text: string): string | undefined {
    if (this.#wholes.has(text.trim()) || this.#parts.some((part) => text.includes(part))) {
      return "a value of the stack's secrets";
    }
    if (text.includes("PRIVATE KEY-----") && privateKey.test(text)) return "a private key";
    if (text.includes("@") && hasLogin(text)) return "a password within an address";
    return undefined;
  }

  /** The same for many texts at once, of which hardly any gives anything away. */
  *among(texts: readonly (readonly [path: string, text: string])[]): Iterable<[string, string]> {
    const isClean = this.in(texts.map(([, text]) => text).join("\n")) === undefined;
    const isShort = ([, text]: readonly [string, string]) => this.#wholes.has(text.trim());
    if (isClean && (this.#wholes.size === 0 || !texts.some(isShort))) return;
    for (const [path, text] of texts) {
      const what = this.in(text);
      if (what !== undefined) yield [path, what];
    }
  }
}

const made = new WeakMap<readonly string[], SecretSigns>();

/** The signs of a run's secrets. */
export function secretSigns(values: readonly string[]): SecretSigns {
  const before = made.get(values) ?? new SecretSigns(values);
  made.set(values, before);
  return before;
}

function hasLogin(text: string): boolean {
  for (const [, password = ""] of text.matchAll(loginInAddress)) {
    if (!stand.test(password)) return true;
  }
  return false;
}

/** Certificates are kept beside their keys, and are for everybody. */
function isPublic(text: string): boolean {
  return text.includes("BEGIN CERTIFICATE") && !text.includes("PRIVATE KEY");
}

/** Of several lines one is enough, and it is the same however lines are joined; of a key beside others, one of its own. */
function longestLine(text: string): string {
  const [, key = text] = /PRIVATE KEY-----(.*?)-----END/s.exec(text) ?? [];
  const lines = key.split("\n").map((line) => line.trim());
  return lines.reduce((longest, line) => (line.length > longest.length ? line : longest), "");
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64").replace(/=+$/, "");
}
