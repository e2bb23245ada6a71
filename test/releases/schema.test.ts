import assert from "node:assert/strict";
import { withDefinitions } from "../../site/documentation/definitions";
import {
  changeOf,
  releaseFileJsonSchema,
  releaseJsonSchema,
} from "../../site/documentation/release-schema";

type Json = Readonly<Record<string, unknown>>;

/** The schema with every reference replaced by what it leads to. */
function resolved(value: unknown, definitions: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, definitions));
  if (typeof value !== "object" || value === null) return value;
  if ("$ref" in value) {
    const name = String(value.$ref).replace("#/definitions/", "");
    assert.ok(Object.hasOwn(definitions, name), name);
    return resolved(definitions[name], definitions);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolved(item, definitions)]),
  );
}

describe("The schema of a release file", () => {
  it("written once where it repeats itself is the same schema", () => {
    const whole = {
      type: "object",
      properties: { a: releaseJsonSchema(), b: releaseJsonSchema() },
    };
    const { definitions, ...rest } = withDefinitions(whole);
    assert.deepEqual(resolved(rest, definitions as Json), whole);
    assert.ok(JSON.stringify(rest).length < 200);
  });

  it("stays small enough for an editor", () => {
    const letters = JSON.stringify(releaseFileJsonSchema()).length;
    assert.ok(letters < 200_000, `${letters} letters`);
  });

  it("asks a change for nothing, and lets it remove everything", () => {
    const { required, properties = {} } = changeOf(releaseJsonSchema());
    assert.equal(required, undefined);
    const { workloads } = properties;
    assert.deepEqual(workloads?.anyOf?.[1]?.type, "null");
    const kinds = Object(workloads?.anyOf?.[0]?.additionalProperties).anyOf[0].anyOf;
    assert.equal(kinds.length, 5);
    for (const kind of kinds) {
      assert.equal(kind.required, undefined);
      assert.equal(kind.additionalProperties, false);
      assert.equal(kind.properties.env.anyOf[1].type, "null");
    }
  });
});
