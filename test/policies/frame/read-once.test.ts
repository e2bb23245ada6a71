import assert from "node:assert/strict";
import * as deserialize from "@pulumi/policy/deserialize";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import "../../../policies/support/read-once";

const { deserializeProperties: read } = deserialize as unknown as {
  readonly deserializeProperties: (
    message: Struct,
    keepSecrets: boolean,
  ) => Record<string, unknown>;
};

describe("Properties that Pulumi's policy server reads", () => {
  const given = { kind: "Thing", spec: { list: [1, { two: 2 }] } };

  it("are the same for every policy", () => {
    const message = Struct.fromJavaScript(given);
    assert.deepEqual(read(message, false), given);
    assert.equal(read(message, false), read(message, false));
  });

  it("are read for a remediation when one asks, and are whole and its own then", () => {
    const message = Struct.fromJavaScript(given);
    let readings = 0;
    const { toJavaScript } = message;
    message.toJavaScript = () => {
      readings += 1;
      return toJavaScript.call(message);
    };
    const [one, other] = [read(message, true), read(message, true)];
    assert.equal(readings, 0);
    assert.deepEqual(Object.keys(one), ["kind", "spec"]);
    assert.ok("spec" in one && !("status" in one));
    assert.equal(JSON.stringify(one), JSON.stringify(given));
    assert.equal(readings, 1);
    assert.notEqual(one.spec, other.spec);
  });
});
