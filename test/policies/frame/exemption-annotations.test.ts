import assert from "node:assert/strict";
import { exemptedRules, exemptionFrom } from "../../../policies/support/exemptions";
import { judgeSubject } from "../../../policies/support/judge";
import { subjectRule } from "../../../policies/support/rule";
import { exemptionPrefix } from "../../../site/exemptions";
import { contextFor, objectSubject, patchSubject } from "../support/judging";

const rule = subjectRule({
  name: "never-blue",
  description: "Nothing is blue.",
  why: "It is a test.",
  severity: "low",
  remedy: "paint it",
  *judge({ object }) {
    if (object?.spec?.colour === undefined) {
      yield { path: "spec.colour", needed: "a colour", given: "nothing", absent: true };
    } else if (object.spec.colour === "blue") {
      yield { path: "spec.colour", needed: "another colour", given: "blue" };
    }
  },
});

const thing = (annotation?: string, colour: string | undefined = "blue") => ({
  apiVersion: "test/v1",
  kind: "Thing",
  metadata: {
    name: "one",
    namespace: "shop",
    annotations: annotation === undefined ? {} : { [`${exemptionPrefix}never-blue`]: annotation },
  },
  spec: { colour },
});

const look = (annotation?: string, exemptible = true) =>
  judgeSubject({ ...rule, exemptible }, objectSubject(thing(annotation)), contextFor(rule));

describe("Exemptions", () => {
  it("take an object out of a rule until the end of their month, and are listed", () => {
    const { findings, exemptions } = look("until 2026-11: it was blue when it came");
    assert.deepEqual(findings, []);
    assert.deepEqual(
      exemptions.map(({ rule: name, until, reason, subject }) => [
        name,
        until,
        reason,
        subject.title,
      ]),
      [["never-blue", "2026-11", "it was blue when it came", "Thing shop/one"]],
    );
  });

  it("are not listed where there is nothing that they excuse", () => {
    const red = objectSubject(thing("until 2026-12: it was blue when it came", "red"));
    assert.deepEqual(judgeSubject(rule, red, contextFor(rule)), {
      findings: [],
      exemptions: [],
      undecided: [],
    });
  });

  for (const [title, annotation, said] of [
    [
      "has ended",
      "until 2026-10: it was blue when it came",
      /blue; its exemption ended with 2026-10$/,
    ],
    [
      "gives no reason",
      "until 2026-12:",
      /its exemption cannot be read: it needs "until YYYY-MM: reason"/,
    ],
    ["gives a reason that says nothing", "until 2026-12: because", /cannot be read/],
    [
      "knows a month that there is not",
      "until 2026-13: it was blue when it came",
      /cannot be read/,
    ],
    [
      "ends when nobody remembers it",
      "until 2028-12: it was blue when it came",
      /its exemption does not count: it ends later than 24 months from now$/,
    ],
    ["knows no end", "it was blue when it came", /cannot be read/],
  ] as const) {
    it(`do not hold where one ${title}, and the finding says so`, () => {
      const { findings, exemptions } = look(annotation);
      assert.equal(findings.length, 1);
      assert.match(findings[0]?.given ?? "", said);
      assert.deepEqual(exemptions, []);
    });
  }

  it("do not hold for a rule that knows none", () => {
    const { findings } = look("until 2026-12: it was blue when it came", false);
    assert.match(findings[0]?.given ?? "", /its exemption does not count: this rule knows none/);
  });

  it("do not count for a critical rule in manifests, whose authors would let themselves off", () => {
    const critical = { ...rule, severity: "critical" as const };
    const subject = objectSubject(thing("until 2027-10: it was blue when it came"));
    for (const source of ["deployment", "state"] as const) {
      const { findings } = judgeSubject(critical, subject, contextFor(rule, { source }));
      assert.deepEqual(findings, []);
    }
    const manifests = contextFor(rule, { source: "manifests" });
    assert.deepEqual(judgeSubject(rule, subject, manifests).findings, []);
    const [finding, ...others] = judgeSubject(critical, subject, manifests).findings;
    assert.match(finding?.given ?? "", /its exemption does not count: only the site lets anything/);
    assert.deepEqual(others, []);
  });

  it("are told by the rules that they name, whether there is such a rule or not", () => {
    assert.deepEqual(exemptedRules(objectSubject(thing("anything"))), ["never-blue"]);
    assert.deepEqual(exemptedRules(objectSubject(thing())), []);
    assert.deepEqual(
      exemptionFrom({ name: "other" }, objectSubject(thing("until 2026-12: x")), "2026-11"),
      { kind: "none" },
    );
  });
});

describe("What is merely missing", () => {
  it("is a fault of an object and none of a patch, which leaves the rest to others", () => {
    const colourless = thing(undefined, "");
    const bare = { ...colourless, spec: {} };
    const found = (subject: ReturnType<typeof objectSubject>) =>
      judgeSubject(rule, subject, contextFor(rule)).findings.map(({ given }) => given);
    assert.deepEqual(found(objectSubject(bare)), ["nothing"]);
    assert.deepEqual(found(patchSubject(bare)), []);
    assert.deepEqual(found(patchSubject(thing())), ["blue"], "what a patch states is judged");
  });
});
