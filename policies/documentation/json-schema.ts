import { type JsonSchema, jsonSchemaOf } from "../../site/documentation/json-schema";
import { rules } from "../rules";
import { policiesSchema } from "../support/enforcement";

/** JSON Schema of the object under `sitewright:policies`: rules and their settings by name. */
export function policiesJsonSchema(): JsonSchema {
  const { properties: { rules: named = {}, ...properties } = {}, ...schema } =
    jsonSchemaOf(policiesSchema);
  const { additionalProperties: each = {}, ...described } = named;
  const own = rules.map(({ name, description, settings }) => [
    name,
    withSettings({ ...Object(each), description }, settings && jsonSchemaOf(settings)),
  ]);
  const byName = { properties: Object.fromEntries(own), additionalProperties: false };
  return { ...schema, properties: { ...properties, rules: { ...described, ...byName } } };
}

const none: JsonSchema = { type: "object", properties: {}, additionalProperties: false };

function withSettings(rule: JsonSchema, settings: JsonSchema = none): JsonSchema {
  const { description = "" } = rule.properties?.settings ?? {};
  return { ...rule, properties: { ...rule.properties, settings: { ...settings, description } } };
}
