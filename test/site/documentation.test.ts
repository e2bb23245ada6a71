import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "../../site/documentation/generate";
import { type JsonSchema, siteJsonSchema } from "../../site/documentation/json-schema";
import { projectRoot } from "../../site/load";

/** Every key of a schema, by its path. */
function keysOf(schema: JsonSchema, path = ""): readonly (readonly [string, JsonSchema])[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    [`${path}.${key}`, value] as const,
    ...keysOf(value, `${path}.${key}`),
  ]);
  const { items, additionalProperties: entries } = schema;
  const inner = [items, typeof entries === "object" ? entries : undefined];
  return [
    ...own,
    ...inner.flatMap((below) => (below === undefined ? [] : keysOf(below, `${path}[]`))),
  ];
}

describe("Documentation of the site file", () => {
  for (const [file, content] of Object.entries(generatedFiles())) {
    it(`is up to date: ${file} (npm run docs writes it)`, () => {
      assert.equal(readFileSync(join(projectRoot, file), "utf8"), content);
    });
  }

  it("says of every key what it is for", () => {
    const keys = keysOf(siteJsonSchema());
    assert.ok(keys.length > 50, `only ${keys.length} keys`);
    const silent = keys.filter(([, { description = "" }]) => !/^[A-Z].*\.$/.test(description));
    assert.deepEqual(
      silent.map(([path]) => path),
      [],
    );
  });

  it("lists every key in the reference", () => {
    const reference = generatedFiles()["docs/site-reference.md"] ?? "";
    for (const [path] of keysOf(siteJsonSchema())) {
      assert.ok(reference.includes(`${path.split(/[.\]]/).at(-1)}\``), path);
    }
  });

  it("lets editors refuse keys that the program refuses", () => {
    const objects = [siteJsonSchema(), ...keysOf(siteJsonSchema()).map(([, schema]) => schema)];
    for (const schema of objects.filter(({ properties }) => properties !== undefined)) {
      assert.equal(schema.additionalProperties, false);
    }
  });

  it("is what the sample sites point their editors to", () => {
    for (const site of ["site-a", "site-b"]) {
      const [first] = readFileSync(join(projectRoot, `Pulumi.${site}.yaml`), "utf8").split("\n");
      assert.equal(first, "# yaml-language-server: $schema=docs/site.schema.json");
    }
  });
});
