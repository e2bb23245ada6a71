import assert from "node:assert/strict";
import { rules } from "../../policies/rules";
import { catalogue } from "../support/sites";

const entries = Object.entries(catalogue.exemptions).flatMap(([madeBy, own]) =>
  own.map((exemption) => ({ madeBy, ...exemption })),
);

describe("The catalogue's exemptions", () => {
  for (const { madeBy, kind, name, rule } of entries) {
    it(`know the rule that ${kind} ${name} of ${madeBy} need not keep, and it knows exemptions`, () => {
      const found = rules.find((one) => one.name === rule);
      assert.ok(found !== undefined, `there is no rule ${rule}`);
      assert.notEqual(found.exemptible, false);
    });
  }

  it("are each there once", () => {
    const all = entries.map(({ madeBy, kind, namespace, name, rule }) =>
      [madeBy, kind, namespace, name, rule].join(" "),
    );
    assert.equal(new Set(all).size, all.length);
  });
});
