import assert from "node:assert/strict";
import { selects } from "../../../policies/support/label-selector";

const labels = { app: "web", tier: "front" };

const where = (operator: string, key: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
});

describe("A selector of labels", () => {
  for (const [title, selector, expected] of [
    ["that is empty takes in everything", {}, true],
    ["that is none takes in nothing", undefined, false],
    ["that is a list takes in nothing", [], false],
    ["takes in what has its label", { matchLabels: { app: "web" } }, true],
    ["leaves out what has another value", { matchLabels: { app: "api" } }, false],
    ["leaves out what has only one of its labels", { matchLabels: { app: "web", a: "b" } }, false],
    ["takes in one of several values", where("In", "app", "api", "web"), true],
    ["leaves out what is none of them", where("In", "app", "api"), false],
    ["takes in what is none of those that it shuts out", where("NotIn", "app", "api"), true],
    ["leaves out what it shuts out", where("NotIn", "app", "web"), false],
    ["takes in a label of any value", where("Exists", "tier"), true],
    ["leaves out what has no such label", where("Exists", "toString"), false],
    ["takes in what has no such label where it asks for that", where("DoesNotExist", "a"), true],
    ["leaves out what has the label where it asks for none", where("DoesNotExist", "app"), false],
    ["of an operator that there is not takes in nothing", where("Near", "app", "web"), false],
  ] as const) {
    it(title, () => assert.equal(selects(selector, labels), expected));
  }

  it("asks for all that it says", () => {
    const both = { matchLabels: { app: "web" }, ...where("In", "tier", "back") };
    assert.equal(selects(both, labels), false);
  });
});
