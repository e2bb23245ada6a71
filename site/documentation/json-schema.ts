import { z } from "zod";
import { siteSchema } from "../schema/site";
import { policiesKey, secretsKey, siteKey } from "../stack-file";

/** The part of JSON Schema that our schemas come out as. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  /** One of several, told apart by a key of theirs. */
  readonly oneOf?: readonly JsonSchema[];
  /** One of several kinds of value. */
  readonly anyOf?: readonly JsonSchema[];
}

/** Kept by editors and other programs that read JSON Schema. */
export const draft = "http://json-schema.org/draft-07/schema#";

/** JSON Schema of the object under `sitewright:site`, as people write it: defaults may be left out. */
export function siteJsonSchema(): JsonSchema {
  return jsonSchemaOf(siteSchema);
}

/** JSON Schema of a document as people write it: what has a default may be left out. */
export function jsonSchemaOf(document: z.ZodType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(document, { io: "input", target: "draft-7" });
  return schema as JsonSchema;
}

/** JSON Schema of a whole stack file, for editors. `policies` is that of `sitewright:policies`, which the rules make. */
export function stackFileJsonSchema(policies: JsonSchema) {
  const secret = {
    type: "object",
    description: "Encrypted by `pulumi config set --path --secret`.",
    properties: { secure: { type: "string" } },
    required: ["secure"],
    additionalProperties: false,
  };
  return {
    $schema: draft,
    title: "Sitewright stack file",
    description: "Pulumi.<site>.yaml: one customer's site.",
    type: "object",
    required: ["config"],
    properties: {
      encryptionsalt: { type: "string", description: "Written by Pulumi." },
      config: {
        type: "object",
        required: [siteKey],
        properties: {
          [siteKey]: { description: "What the site is.", ...siteJsonSchema() },
          [secretsKey]: {
            type: "object",
            description: "The site's secrets by name; the site refers to them by these names.",
            additionalProperties: secret,
          },
          [policiesKey]: { description: "How strictly the site keeps policies.", ...policies },
        },
      },
    },
  };
}
