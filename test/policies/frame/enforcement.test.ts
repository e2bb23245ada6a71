import assert from "node:assert/strict";
import { z } from "zod";
import { enforcements } from "../../../policies/support/enforcement";
import { type Rule, subjectRule } from "../../../policies/support/rule";
import { ProblemsError } from "../../../site/problems";

const text = { description: "It is so.", why: "Test.", severity: "low", remedy: "do" } as const;
const judge = () => [];
const rules: readonly Rule[] = [
  subjectRule({ ...text, name: "plain-rule", judge }),
  subjectRule({
    ...text,
    name: "set-rule",
    settings: z.strictObject({ most: z.number().default(3) }),
    judge,
    mend: () => undefined,
  }),
];

const levels = (data: unknown, month = "2026-11") =>
  Object.fromEntries(
    [...enforcements(rules, data, month)].map(([name, { level }]) => [name, level]),
  );

const problems = (data: unknown) => {
  try {
    enforcements(rules, data, "2026-11");
    return [];
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return error.problems.map(({ path, needed, next }) => `${path}: ${needed}; ${next ?? "-"}`);
  }
};

const reason = "the customer has agreed";

describe("How strictly a site keeps its rules", () => {
  it("is mandatory where it says nothing", () => {
    assert.deepEqual(levels(undefined), { "plain-rule": "mandatory", "set-rule": "mandatory" });
  });

  it("is what it says for all, and for each rule that it names", () => {
    assert.deepEqual(
      levels({ enforcement: "advisory", rules: { "set-rule": { enforcement: "remediate" } } }),
      { "plain-rule": "advisory", "set-rule": "remediate" },
    );
  });

  it("is mandatory again after the month that it names", () => {
    const data = { rules: { "plain-rule": { enforcement: "disabled", reason, until: "2026-11" } } };
    assert.equal(levels(data, "2026-11")["plain-rule"], "disabled");
    assert.equal(levels(data, "2026-12")["plain-rule"], "mandatory");
  });

  it("names every fault at once: one does not hide another", () => {
    const found = problems({
      rules: {
        "plain-rule": { enforcement: "remediate" },
        "set-rule": { until: "soon" },
        other: {},
      },
    });
    for (const expected of [/plain-rule\.enforcement/, /set-rule\.until/, /rules\.other/]) {
      assert.ok(
        found.some((one) => expected.test(one)),
        found.join("\n"),
      );
    }
  });

  it("gives each rule its settings, defaults filled in", () => {
    const settings = (data: unknown) =>
      enforcements(rules, data, "2026-11").get("set-rule")?.settings;
    assert.deepEqual(settings(undefined), { most: 3 });
    assert.deepEqual(settings({ rules: { "set-rule": { settings: { most: 7 } } } }), { most: 7 });
  });

  for (const [title, data, expected] of [
    [
      "a rule that is disabled without a reason",
      { rules: { "plain-rule": { enforcement: "disabled" } } },
      /^sitewright:policies\.rules\.plain-rule\.reason: a reason, since the rule is disabled/,
    ],
    [
      "a name that no rule has, and says which was meant",
      { rules: { "plain-rul": {} } },
      /: the name of a rule; write plain-rule$/,
    ],
    ["a key that is not known", { rulez: {} }, /rulez.*write rules|rules/],
    ["a level that there is not", { enforcement: "strict" }, /: mandatory or advisory/],
    [
      "remediation of a rule that mends nothing",
      { rules: { "plain-rule": { enforcement: "remediate" } } },
      /mandatory, advisory or disabled/,
    ],
    [
      "a setting that the rule does not have",
      { rules: { "set-rule": { settings: { least: 1 } } } },
      /set-rule\.settings/,
    ],
    [
      "a setting of another kind",
      { rules: { "set-rule": { settings: { most: "7" } } } },
      /set-rule\.settings\.most/,
    ],
    [
      "a month that there is not",
      { rules: { "plain-rule": { until: "2026-13" } } },
      /a month such as/,
    ],
    ["a list", [], /sitewright:policies: /],
    ["a text", "advisory", /sitewright:policies: /],
  ] as const) {
    it(`refuses ${title}`, () => {
      const found = problems(data);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", expected);
    });
  }
});
