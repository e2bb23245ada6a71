import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
  addressNumber,
  addressText,
  cidrHolds,
  cidrsOverlap,
  nthAddress,
  parseCidr,
} from "../../rehearsal/kubekey/cluster/addresses";

const address = fc.nat({ max: 2 ** 32 - 1 });
const cidr = fc
  .tuple(address, fc.integer({ min: 8, max: 30 }))
  .map(([value, bits]) => `${addressText(value - (value % 2 ** (32 - bits)))}/${bits}`);

describe("The kk stand-in's addresses", () => {
  it("survive being written and read", () => {
    fc.assert(fc.property(address, (value) => addressNumber(addressText(value)) === value));
  });

  it("lie in a subnet exactly when its first and last enclose them", () => {
    fc.assert(
      fc.property(cidr, address, (subnet, value) => {
        const range = parseCidr(subnet);
        assert.ok(range);
        const inside = value >= range.first && value <= range.first + range.size - 1;
        assert.equal(cidrHolds(subnet, addressText(value)), inside);
      }),
    );
  });

  it("overlap the same whichever subnet is named first, and when one holds the other's first", () => {
    fc.assert(
      fc.property(cidr, cidr, (a, b) => {
        assert.equal(cidrsOverlap(a, b), cidrsOverlap(b, a));
        const first = (text: string) => text.split("/")[0] ?? "";
        assert.equal(cidrsOverlap(a, b), cidrHolds(a, first(b)) || cidrHolds(b, first(a)));
      }),
    );
  });

  for (const text of [
    "",
    "10.0.0.0",
    "10.0.0.1/8",
    "10.0.0.0/33",
    "10.0.0/8",
    "10.0.0.0/8/8",
    "a/8",
    "10.0.0.0/-1",
  ]) {
    it(`take ${JSON.stringify(text)} for no subnet`, () => {
      assert.equal(parseCidr(text), undefined);
    });
  }

  it("are counted from the subnet's first", () => {
    assert.equal(nthAddress("10.233.0.0/18", 1), "10.233.0.1");
    assert.equal(nthAddress("10.233.0.0/18", 256), "10.233.1.0");
  });
});
