import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { rules } from "../../policies/rules";
import { judged, violations } from "./support/judging";
import type { Mutation } from "./support/mutation";
import { siteSubjects } from "./support/site-subjects";

const folder = join(__dirname, "mutations");

/** Breaks a good site in one way at a time: the rule that is meant must find it, and no other may. */
describe("Policies over a whole site", function () {
  this.timeout(120_000);

  it("have a mutation for every rule, and none besides", () => {
    const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));
    assert.deepEqual(files.sort(), rules.map(({ name }) => name).sort());
  });

  for (const name of ["site-a", "site-b"] as const) {
    it(`find nothing wrong with ${name}, and need no exemption that has ended`, async () => {
      const { subjects, blueprint } = await siteSubjects(name);
      const found = rules.flatMap((rule) => violations(rule, subjects, { blueprint }));
      assert.deepEqual(found, []);
    });
  }

  for (const rule of rules) {
    // Loaded by name: the first test tells of a file that is missing.
    const { mutation }: { mutation: Mutation } = require(join(folder, rule.name));

    it(`${rule.name} finds ${mutation.title}, and nothing else does`, async () => {
      const site = await siteSubjects("site-a");
      const { blueprint } = site;
      fc.assert(
        fc.property(mutation.changed(site), (subjects) => {
          const firing = rules.filter(
            (one) => judged(one, subjects, { blueprint }).findings.length > 0,
          );
          assert.deepEqual(
            firing.map(({ name }) => name),
            [rule.name],
            firing.flatMap((one) => violations(one, subjects, { blueprint })).join("\n"),
          );
        }),
        { numRuns: 5 },
      );
    });
  }
});
