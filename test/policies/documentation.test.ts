import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "../../policies/documentation/generate";
import { ruleDocument } from "../../policies/documentation/rule-document";
import { rules } from "../../policies/rules";
import { projectRoot } from "../../site/load";

describe("Documentation of policies", () => {
  for (const [file, content] of Object.entries(generatedFiles())) {
    it(`is up to date: ${file} (npm run docs writes it)`, () => {
      assert.equal(readFileSync(join(projectRoot, file), "utf8"), content);
    });
  }

  const page = generatedFiles()["docs/policies.md"] ?? "";

  it("has an entry for every rule, to which its line in the table leads", () => {
    for (const { name } of rules) {
      assert.ok(page.includes(`| [${name}](#${name}) |`), name);
      assert.ok(page.includes(`\n### ${name}\n`), name);
    }
  });

  it("has every setting with its purpose and default", () => {
    for (const rule of rules) {
      for (const { path, purpose, fallback } of ruleDocument(rule).settings) {
        assert.match(purpose, /^[A-Z`].*\.$/, `${rule.name} ${path}`);
        assert.notEqual(fallback, "", `${rule.name} ${path} has no default`);
        assert.ok(page.includes(`| \`${path}\` |`), `${rule.name} ${path}`);
      }
    }
  });

  it("lets editors complete and refuse what stands under sitewright:policies", () => {
    const { properties } = JSON.parse(generatedFiles()["docs/site.schema.json"] ?? "");
    const { rules: named } = properties.config.properties["sitewright:policies"].properties;
    assert.equal(named.additionalProperties, false);
    assert.deepEqual(
      Object.keys(named.properties),
      rules.map(({ name }) => name),
    );
    for (const { name, settings } of rules) {
      const { properties: own } = named.properties[name];
      assert.ok(own.enforcement && own.reason && own.until, name);
      assert.equal(own.settings.additionalProperties, false, name);
      assert.deepEqual(Object.keys(own.settings.properties), Object.keys(settings?.shape ?? {}));
    }
  });

  it("says of rules that mend that they do", () => {
    const entries = page.split("\n### ").slice(1);
    for (const rule of rules) {
      const entry = entries.find((one) => one.startsWith(`${rule.name}\n`)) ?? "";
      assert.equal(entry.includes("With `remediate` it mends"), "mend" in rule, rule.name);
    }
  });
});
