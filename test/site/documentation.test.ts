import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "../../site/documentation/generate";
import { type JsonSchema, siteJsonSchema } from "../../site/documentation/json-schema";
import { releaseJsonSchema } from "../../site/documentation/release-schema";
import { projectRoot } from "../../site/load";
import { releaseFile, releaseNames } from "../../site/release/names";

/** Every key of a schema, by its path. */
function keysOf(schema: JsonSchema, path = ""): readonly (readonly [string, JsonSchema])[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    [`${path}.${key}`, value] as const,
    ...keysOf(value, `${path}.${key}`),
  ]);
  const { items, additionalProperties: entries, oneOf = [], anyOf = [] } = schema;
  const inner = [items, typeof entries === "object" ? entries : undefined];
  return [
    ...own,
    ...inner.flatMap((below) => (below === undefined ? [] : keysOf(below, `${path}[]`))),
    ...[...oneOf, ...anyOf].flatMap((below) => keysOf(below, path)),
  ];
}

const documents = [
  { title: "the site file", schema: siteJsonSchema(), file: "docs/site-reference.md" },
  { title: "the release file", schema: releaseJsonSchema(), file: "docs/release-reference.md" },
];

describe("Generated documentation", () => {
  for (const [file, content] of Object.entries(generatedFiles())) {
    it(`is up to date: ${file} (npm run docs writes it)`, () => {
      assert.equal(readFileSync(join(projectRoot, file), "utf8"), content);
    });
  }

  it("is what the sample files point their editors to", () => {
    for (const site of ["site-a", "site-b"]) {
      const [first] = readFileSync(join(projectRoot, `Pulumi.${site}.yaml`), "utf8").split("\n");
      assert.equal(first, "# yaml-language-server: $schema=docs/site.schema.json");
    }
    for (const release of releaseNames(projectRoot)) {
      const file = join(projectRoot, releaseFile(release));
      const [first] = readFileSync(file, "utf8").split("\n");
      assert.equal(first, "# yaml-language-server: $schema=../docs/release.schema.json");
    }
  });
});

for (const { title, schema, file } of documents) {
  describe(`Documentation of ${title}`, () => {
    it("says of every key what it is for", () => {
      const keys = keysOf(schema);
      assert.ok(keys.length > 50, `only ${keys.length} keys`);
      const silent = keys.filter(([, { description = "" }]) => !/^[A-Z`].*\.$/.test(description));
      assert.deepEqual(
        silent.map(([path]) => path),
        [],
      );
    });

    it("lists every key in the reference", () => {
      const reference = generatedFiles()[file] ?? "";
      for (const [path] of keysOf(schema)) {
        assert.ok(reference.includes(`${path.split(/[.\]]/).at(-1)}\``), path);
      }
    });

    it("lets editors refuse keys that the program refuses", () => {
      const objects = [schema, ...keysOf(schema).map(([, one]) => one)];
      for (const one of objects.filter(({ properties }) => properties !== undefined)) {
        assert.equal(one.additionalProperties, false);
      }
    });
  });
}
