import { type JsonSchema, siteJsonSchema } from "./json-schema";

/** Markdown of every key of a site: purpose, kind, default. */
export function siteReference(): string {
  const schema = siteJsonSchema();
  const keys = Object.entries(schema.properties ?? {});
  const sections = keys.map(([key, value]) => section(key, value, isRequired(schema, key)));
  return `${heading}\n${sections.join("\n")}`;
}

const heading = `# The site file

Generated from the schema in \`site/schema/site.ts\` by \`npm run docs\`; edit it there.

A site is the object under \`sitewright:site\` in \`Pulumi.<site>.yaml\`. Secrets stand beside it, encrypted, under
\`sitewright:secrets\`; the site refers to them by name. Keys that are not listed here are refused.
\`./sitewright check <site>\` names every fault with its line.
`;

function section(key: string, schema: JsonSchema, required: boolean): string {
  const rows = keyRows(key, schema, required);
  const table = ["| key | what it is | kind | default |", "| --- | --- | --- | --- |", ...rows];
  return `## ${key}\n\n${table.join("\n")}\n`;
}

/** One row for a key and one for each key within it. */
function keyRows(path: string, schema: JsonSchema, required: boolean): readonly string[] {
  const row = [
    code(path),
    schema.description ?? "",
    kind(schema),
    required ? "required" : fallback(schema),
  ];
  const { below, at } = within(path, schema);
  const rows = Object.entries(below.properties ?? {}).flatMap(([key, value]) =>
    keyRows(`${at}.${key}`, value, isRequired(below, key)),
  );
  return [`| ${row.map(cell).join(" | ")} |`, ...rows];
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
  return { below: schema, at: path };
}

function kind(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(", ");
  if (schema.items !== undefined) return `list of ${plural(schema.items)}`;
  if (schema.type === "integer") return bounds(schema);
  if (schema.type === "string") return "text";
  return schema.type ?? "";
}

function plural(items: JsonSchema): string {
  if (items.type === "object") return "objects";
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
