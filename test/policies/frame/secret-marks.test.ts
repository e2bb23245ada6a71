import assert from "node:assert/strict";
import { Secret } from "@pulumi/policy";
import { secretsPreservingProxy } from "@pulumi/policy/secret";
import fc from "fast-check";
import { withMarks, withoutMarks } from "../../../policies/support/secret-marks";
import { unknownText } from "../../../policies/support/unknown";
import { unknownCheckingProxy } from "../support/pulumi-proxy";

/** Properties as Pulumi hands them out to be mended. */
const handedOut = (properties: object) => unknownCheckingProxy(secretsPreservingProxy(properties));

const properties = {
  kind: "Secret",
  data: new Secret({ password: "geheim" }),
  items: [{ value: new Secret("geheim") }, { value: unknownText }],
};
const plain = {
  kind: "Secret",
  data: { password: "geheim" },
  items: [{ value: "geheim" }, { value: unknownText }],
};

describe("Marks of secrets", () => {
  it("are not there for a rule, which gets lists that it can copy and what is not known as it is", () => {
    const given = withoutMarks(handedOut(properties));
    assert.deepEqual(given, plain);
    assert.deepEqual((given as typeof plain).items.map(Object.keys), [["value"], ["value"]]);
  });

  it("come back where they were in what a rule makes, and nowhere else", () => {
    const more = { ...plain, data: { ...plain.data, user: "root" }, kind: "Other", added: [1] };
    assert.deepEqual(withMarks(handedOut(properties), more), {
      kind: "Other",
      data: new Secret({ password: "geheim", user: "root" }),
      items: properties.items,
      added: [1],
    });
  });

  it("cover all of a list that is no longer the same, and what took the place of something secret", () => {
    const changed = withMarks(handedOut(properties), { items: [{ value: "geheim" }], data: "x" });
    assert.deepEqual(changed, {
      items: new Secret([{ value: "geheim" }]),
      data: new Secret("x"),
    });
    assert.deepEqual(withMarks({ deep: { a: new Secret(1) } }, { deep: 1 }), {
      deep: new Secret(1),
    });
  });

  it("survive a rule that changes nothing, whatever the properties", () => {
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.array(tie("value")),
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          tie("value"),
          {
            noNullPrototype: true,
          },
        ),
        tie("value").map((value) => new Secret(value)),
      ),
    })).value;
    fc.assert(
      fc.property(fc.record({ one: tree, two: tree }, { noNullPrototype: true }), (given) => {
        assert.deepEqual(withMarks(handedOut(given), withoutMarks(handedOut(given))), given);
      }),
    );
  });
});
