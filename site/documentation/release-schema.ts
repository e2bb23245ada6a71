import { releaseSchema } from "../schema/release";
import { withDefinitions } from "./definitions";
import { draft, type JsonSchema, jsonSchemaOf } from "./json-schema";

/** JSON Schema of a release that is written out. */
export function releaseJsonSchema(): JsonSchema {
  return jsonSchemaOf(releaseSchema);
}

/** JSON Schema of a file in releases/, for editors: with a base, it states only what it changes. */
export function releaseFileJsonSchema() {
  const whole = releaseJsonSchema();
  return withDefinitions({
    $schema: draft,
    title: "Sitewright release",
    description: "releases/<version>.yaml: what the product delivers at a version.",
    type: "object",
    if: { required: ["base"] },
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
    then: { ...changeOf(whole), required: ["release", "base"] },
    else: whole,
  });
}

/** What may stand in a file that changes a value of a schema: any part of it, and null to remove a key. */
export function changeOf(schema: JsonSchema): JsonSchema {
  const { required: _, oneOf, default: _default, ...rest } = schema;
  const { properties, additionalProperties } = rest;
  // Which kind it is may be inherited, so the parts of several kinds can look alike.
  if (oneOf !== undefined) return { ...rest, anyOf: oneOf.map(changeOf) };
  return {
    ...rest,
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [key, removable(value)]),
      ),
    }),
    ...(typeof additionalProperties === "object" && {
      additionalProperties: removable(additionalProperties),
    }),
  };
}

function removable(schema: JsonSchema): JsonSchema {
  const { description, ...changed } = changeOf(schema);
  return {
    ...(description !== undefined && { description }),
    anyOf: [changed, { type: "null", description: "Removes it." }],
  };
}
