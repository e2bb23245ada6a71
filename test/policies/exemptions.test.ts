import assert from "node:assert/strict";
import fc from "fast-check";
import { exemptions } from "../../policies/exemptions";
import { rules } from "../../policies/rules";
import { enforcements } from "../../policies/support/enforcement";
import { exemptionPrefix } from "../../site/exemptions";
import { judged, objectSubject, patchSubject, violations } from "./support/judging";
import { deployment } from "./support/sample-objects";

const others = rules.filter(({ name }) => name !== "exemptions");
const rule = exemptions(others);
const reason = "the chart has no key for it";

const annotated = (annotations: unknown) =>
  deployment(({ metadata }) => Object.assign(metadata, { annotations }));
/** What is said in November 2026 of an exemption. */
const found = (text: unknown, name = "probes", settings = {}) => {
  const object = annotated({ [`${exemptionPrefix}${name}`]: text });
  return violations(rule, [objectSubject(object)], { settings });
};
const only = (...given: Parameters<typeof found>) => {
  const [violation = "", ...more] = found(...given);
  assert.deepEqual(more, []);
  return violation;
};

describe("exemptions", () => {
  it("lets one through that has a reason and a while to go, and other annotations", () => {
    assert.deepEqual(found(`until 2027-01: ${reason}`), []);
    assert.deepEqual(violations(rule, [objectSubject(annotated({ "a.example/b": "c" }))]), []);
    assert.deepEqual(violations(rule, [objectSubject(deployment())]), []);
  });

  it("refuses one from a rule that there is not, and says which may be meant", () => {
    assert.match(
      only(`until 2027-12: ${reason}`, "probe"),
      /annotations\["policy\.sitewright\.io\/probe"\] needs the name of a rule; given probe; next: write probes/,
    );
    assert.match(only(`until 2027-12: ${reason}`, "x-y-z-0"), /policies lists them/);
  });

  for (const [title, text, expected] of [
    ["without an end", reason, /given one that cannot be read: it needs "until YYYY-MM: reason"/],
    ["without a reason", "until 2027-12:", /given one that cannot be read/],
    ["with a month that is none", `until 2027-13: ${reason}`, /given one that cannot be read/],
    ["that is no text", { until: "2027-12" }, /given one that cannot be read/],
    ["that has ended", `until 2026-10: ${reason}`, /given one that ended with 2026-10;/],
    [
      "that ends this month",
      `until 2026-11: ${reason}`,
      /needs an end in 2 months or later; given 2026-11, its last month \(the chart/,
    ],
    ["that ends with the next month", `until 2026-12: ${reason}`, /given 2026-12/],
  ] as const) {
    it(`refuses one ${title}`, () => assert.match(only(text), expected));
  }

  it("tells of an end as early as the site wants", () => {
    assert.deepEqual(found(`until 2026-11: ${reason}`, "probes", { months: 0 }), []);
    assert.equal(found(`until 2027-04: ${reason}`, "probes", { months: 6 }).length, 1);
    assert.deepEqual(found(`until 2027-05: ${reason}`, "probes", { months: 6 }), []);
  });

  it("refuses one from a rule that knows none, itself among them", () => {
    const strict = others.find(({ exemptible = true }) => !exemptible);
    if (strict !== undefined) {
      assert.match(only(`until 2027-12: ${reason}`, strict.name), /this rule knows none/);
    }
    assert.equal(found(`until 2027-12: ${reason}`, "exemptions").length, 1);
  });

  it("looks at patches as well", () => {
    const patch = patchSubject(annotated({ [`${exemptionPrefix}probes`]: "for ever" }));
    assert.equal(violations(rule, [patch]).length, 1);
  });

  it("warns, unless the site says that it stops a run", () => {
    const level = (data: unknown) => enforcements(rules, data, "2026-11").get("exemptions")?.level;
    assert.equal(level(undefined), "advisory");
    assert.equal(level({ rules: { exemptions: { enforcement: "mandatory" } } }), "mandatory");
  });

  it("throws at nothing, whatever stands in annotations", () => {
    fc.assert(
      fc.property(fc.anything(), (odd) => {
        const object = annotated({ [`${exemptionPrefix}probes`]: odd });
        judged(rule, [objectSubject(object), objectSubject(annotated(odd))]);
      }),
    );
  });
});
