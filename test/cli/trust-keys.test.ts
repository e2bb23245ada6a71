import { strict as assert } from "node:assert";
import { compareKeys, keysToPin } from "../../cli/trust/keys";

const [e1, e2] = ["ssh-ed25519 AAAAone", "ssh-ed25519 AAAAtwo"];
const [r1, r2] = ["ssh-rsa AAAAr1", "ssh-rsa AAAAr2"];

type Row = readonly [
  what: string,
  pinned: string[],
  shown: string[],
  statuses: string[],
  pin: string[] | undefined,
  replaced: string[] | undefined,
];
const rows: readonly Row[] = [
  ["a host never seen", [], [e1, r1], ["new", "new"], [e1, r1], [e1, r1]],
  ["a host as it was", [e1, r1], [e1, r1], ["pinned", "pinned"], undefined, undefined],
  ["a host that got one more key", [e1], [e1, r1], ["pinned", "new"], [e1, r1], [e1, r1]],
  ["a host that did not show one of its keys", [e1, r1], [e1], ["pinned"], undefined, undefined],
  ["a host with another key", [e1], [e2], ["CHANGED"], undefined, [e2]],
  [
    "a host with one key of two changed",
    [e1, r1],
    [e1, r2],
    ["pinned", "CHANGED"],
    undefined,
    [e1, r2],
  ],
  ["a host that shows only keys of other types", [e1], [r1], ["CHANGED"], undefined, [r1]],
  ["a host that shows nothing", [e1], [], [], undefined, undefined],
];

describe("the keys that a host shows", () => {
  for (const [what, pinned, shown, statuses, pin, replaced] of rows) {
    it(`are compared with the pinned ones: ${what}`, () => {
      const keys = compareKeys(pinned, shown);
      assert.deepEqual(
        keys.map(({ status }) => status),
        statuses,
      );
      assert.deepEqual(keysToPin(pinned, keys, false), pin);
      assert.deepEqual(keysToPin(pinned, keys, true), replaced);
    });
  }
});
