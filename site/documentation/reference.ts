import { type JsonSchema, siteJsonSchema } from "./json-schema";
import { releaseJsonSchema } from "./release-schema";

/** Markdown of every key of a site: purpose, kind, default. */
export function siteReference(): string {
  return reference(siteHeading, siteJsonSchema());
}

/** The same of a release. */
export function releaseReference(): string {
  return reference(releaseHeading, releaseJsonSchema());
}

function reference(heading: string, schema: JsonSchema): string {
  const keys = Object.entries(schema.properties ?? {});
  const sections = keys.map(([key, value]) => section(key, value, isRequired(schema, key)));
  return `${heading}\n${sections.join("\n")}`;
}

const siteHeading = `# The site file

Generated from the schema in \`site/schema/site.ts\` by \`npm run docs\`; edit it there.

A site is the object under \`sitewright:site\` in \`Pulumi.<site>.yaml\`. Secrets stand beside it, encrypted, under
\`sitewright:secrets\`; the site refers to them by name. Keys that are not listed here are refused.
\`./sitewright check <site>\` names every fault with its line.
`;

const releaseHeading = `# The release file

Generated from the schema in \`site/schema/release.ts\` by \`npm run docs\`; edit it there.

A release is a file \`releases/<version>.yaml\`. With a \`base\` it states only what it changes, and nothing but \`release\` and
\`base\` is required; \`null\` removes what is inherited ([releases.md](releases.md)). Keys that are not listed here are refused.
\`./sitewright check <site>\` names every fault of the release that the site names, with its line.
`;

function section(key: string, schema: JsonSchema, required: boolean): string {
  return `## ${key}\n\n${keyTable(keyRows(key, schema, required)).join("\n")}\n`;
}

/** What is known of a key, as Markdown. */
export interface KeyRow {
  /** `rules.<name>.reason` */
  readonly path: string;
  readonly purpose: string;
  readonly kind: string;
  /** "" for a key that may be left out and then is not there. */
  readonly fallback: string;
}

/** One row for each key of an object, and one for each key within it. */
export function objectRows(schema: JsonSchema, path = ""): readonly KeyRow[] {
  const { below, at } = within(path, schema);
  return Object.entries(below.properties ?? {}).flatMap(([key, value]) =>
    keyRows(at === "" ? key : `${at}.${key}`, value, isRequired(below, key)),
  );
}

/** Rows as lines of a table. */
export function keyTable(rows: readonly KeyRow[]): readonly string[] {
  const lines = rows.map(({ path, purpose, kind, fallback }) => {
    const cells = [code(path), purpose, kind, fallback];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  return ["| key | what it is | kind | default |", "| --- | --- | --- | --- |", ...lines];
}

function keyRows(path: string, schema: JsonSchema, required: boolean): readonly KeyRow[] {
  const row = {
    path,
    purpose: schema.description ?? "",
    kind: kind(schema),
    fallback: required ? "required" : fallback(schema),
  };
  return [row, ...objectRows(schema, path)];
}

/** The object whose keys a reader looks for next: the schema's own, its items' or its entries'. */
function within(
  path: string,
  schema: JsonSchema,
): { readonly below: JsonSchema; readonly at: string } {
  if (schema.items !== undefined) return within(`${path}[]`, schema.items);
  if (typeof schema.additionalProperties === "object") {
    return within(`${path}.<name>`, schema.additionalProperties);
  }
  const several = schema.oneOf ?? schema.anyOf?.filter((one) => one.properties !== undefined) ?? [];
  return { below: several.length === 0 ? schema : united(several), at: path };
}

/** Several objects as one with the keys of all; those that only some have say which. */
function united(options: readonly JsonSchema[]): JsonSchema {
  const keys = [...new Set(options.flatMap(({ properties = {} }) => Object.keys(properties)))];
  const properties = keys.map((key): [string, JsonSchema] => {
    const owners = options.filter(({ properties = {} }) => Object.hasOwn(properties, key));
    const schemas = owners.flatMap(({ properties }) => properties?.[key] ?? []);
    const [first = {}] = schemas;
    const values = [...new Set(schemas.flatMap((one) => one.const ?? []))];
    if (values.length > 1) {
      const { const: _, ...rest } = first;
      return [key, { ...rest, enum: values }];
    }
    const names = owners.map(nameOf).filter((name) => name !== undefined);
    const some = owners.length < options.length && names.length > 0;
    const description = `${first.description ?? ""} Only: ${names.join(", ")}.`;
    return [key, some ? { ...first, description } : first];
  });
  const required = keys.filter((key) =>
    options.every((one) => isRequired(one, key) || !Object.hasOwn(one.properties ?? {}, key)),
  );
  return { properties: Object.fromEntries(properties), required };
}

/** The value by which one of several objects is known. */
function nameOf({ properties = {} }: JsonSchema): string | undefined {
  const found = Object.values(properties).find(({ const: value }) => value !== undefined);
  return found === undefined ? undefined : String(found.const);
}

function kind(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(", ");
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.oneOf !== undefined) return "object";
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(kind))].join(" or ");
  if (schema.items !== undefined) return `list of ${plural(schema.items)}`;
  if (schema.type === "integer") return bounds(schema);
  if (schema.type === "string") return "text";
  return schema.type ?? "";
}

function plural(items: JsonSchema): string {
  if (items.type === "object" || items.oneOf !== undefined) return "objects";
  return items.enum === undefined ? "texts" : kind(items);
}

function bounds({ minimum, maximum }: JsonSchema): string {
  return minimum === undefined || maximum === undefined
    ? "whole number"
    : `${minimum} to ${maximum}`;
}

function fallback({ default: value }: JsonSchema): string {
  if (value === undefined) return "";
  const empty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return empty ? "empty" : code(typeof value === "string" ? value || '""' : JSON.stringify(value));
}

function isRequired({ required = [] }: JsonSchema, key: string): boolean {
  return required.includes(key);
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A table's cell: nothing in it may end the cell or the row. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
