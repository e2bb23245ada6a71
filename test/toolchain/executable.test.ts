import assert from "node:assert/strict";
import fc from "fast-check";
import { namesVersion } from "../../toolchain/executable";
import { goIsRecent } from "../../toolchain/go-build";

describe("Reading a version", () => {
  const table: [said: string, version: string, same: boolean][] = [
    ["v3.250.0", "v3.250.0", true],
    ["Kubernetes v1.34.2", "v1.34.2", true],
    ["kwok version v0.7.0 go1.26.8 (linux/amd64)", "v0.7.0", true],
    ["v3.19.0+g3d8990f", "v3.19.0", true],
    ["0.20.6", "v0.20.6", true],
    ["v3.19.0-rc.1", "v3.19.0", false],
    ["v3.19.01", "v3.19.0", false],
    ["v13.19.0", "v3.19.0", false],
    ["v3x19x0", "v3.19.0", false],
    ["1.2.3.4", "v2.3.4", false],
    ["1.2.3.4", "v1.2.3", false],
    ["", "v1.0.0", false],
  ];
  for (const [said, version, same] of table) {
    it(`${same ? "finds" : "does not find"} ${version} in ${JSON.stringify(said)}`, () => {
      assert.equal(namesVersion(said, version), same);
    });
  }

  it("never takes one version for another", () => {
    const part = fc.integer({ min: 0, max: 120 });
    const version = fc.tuple(part, part, part).map((parts) => `v${parts.join(".")}`);
    fc.assert(
      fc.property(
        version,
        version,
        (said, wanted) => namesVersion(`tool ${said}`, wanted) === (said === wanted),
      ),
    );
  });

  const goes: [have: string, need: string, recent: boolean][] = [
    ["1.26.8", "1.25.11", true],
    ["1.24.0", "1.24.0", true],
    ["1.9", "1.24.0", false],
    ["1.23.12", "1.24.0", false],
  ];
  for (const [have, need, recent] of goes) {
    it(`knows that Go ${have} ${recent ? "builds" : "does not build"} what needs ${need}`, () => {
      assert.equal(goIsRecent(have, need), recent);
    });
  }
});
