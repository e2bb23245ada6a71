import assert from "node:assert/strict";
import { utils } from "ssh2";
import { isWhole, newEd25519Key } from "../../rehearsal/hosts/ed25519-key";

describe("A simulated host's key", () => {
  it("signs what its public half confirms", () => {
    const pair = newEd25519Key();
    const own = utils.parseKey(pair.private);
    const shown = utils.parseKey(pair.public);
    if (own instanceof Error || shown instanceof Error) throw new Error("no key");
    assert.equal(shown.verify("text", own.sign("text")), true);
  });

  it("is whole only with all its bytes", () => {
    const line = newEd25519Key().public;
    const [type = "", text = ""] = line.split(" ");
    const short = Buffer.from(text, "base64").subarray(0, 50).toString("base64");
    assert.equal(isWhole(line), true);
    assert.equal(isWhole(`${type} ${short}`), false);
    assert.equal(isWhole(""), false);
  });
});
