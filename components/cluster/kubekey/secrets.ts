import { RunError } from "../../../site/run-error";
import type { RenderedFile } from "./driver";
import { REGISTRY_PASSWORD } from "./view";
import { fromYaml, toYaml } from "./yaml-text";

const PLACEHOLDER = /\$\{secret:([A-Za-z0-9_.-]+)\}/g;

/** Names of the secrets that files wait for, sorted. */
export function secretNamesIn(files: readonly RenderedFile[]): string[] {
  const names = files.flatMap((file) =>
    [...file.content.matchAll(PLACEHOLDER)].map((m) => m[1] ?? ""),
  );
  return [...new Set(names)].sort();
}

/**
 * The files with every placeholder replaced. The text is read, filled and written again, so that no secret can
 * break out of its place. Throws RunError for a missing secret and for one that kk's shell quoting would break.
 */
export function fillSecrets(
  files: readonly RenderedFile[],
  secrets: Readonly<Record<string, string>>,
): RenderedFile[] {
  const missing = secretNamesIn(files).filter((name) => secrets[name] === undefined);
  if (missing.length > 0) {
    throw new RunError(`secret ${missing.join(", ")} is not given`, {
      nextStep: `set it: pulumi config set --path 'sitewright:secrets.${missing[0]}' --secret`,
      exitCode: 3,
    });
  }
  return files.map((file) => {
    if (!file.content.includes("${secret:")) return file;
    const filled = fill(fromYaml(file.content), (name) => usable(name, secrets[name] ?? ""));
    return { ...file, content: toYaml(filled) };
  });
}

function fill(value: unknown, secret: (name: string) => string): unknown {
  if (typeof value === "string") return value.replace(PLACEHOLDER, (_, name) => secret(name));
  if (Array.isArray(value)) return value.map((item) => fill(item, secret));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, secret)]));
}

/** kk puts passwords into command lines of its own and quotes them only in part; v4 also reads templates. */
function usable(name: string, value: string): string {
  if (value.includes("PRIVATE KEY-----")) return value;
  const strict = name === REGISTRY_PASSWORD;
  const allowed = strict ? /^[A-Za-z0-9_-]+$/ : /^[\x21-\x7e]+$/;
  if (allowed.test(value) && !/["'`$\\]|\{\{/.test(value)) return value;
  const rule = strict
    ? "letters, digits, _ and -"
    : "printable ASCII without space, quotes, `, $, \\ and {{";
  throw new RunError(`secret ${name} has characters that kk cannot pass on; it takes ${rule}`, {
    nextStep: `choose another password, set it where it is used and with pulumi config set --path 'sitewright:secrets.${name}' --secret`,
    exitCode: 3,
  });
}
