import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { fingerprint, hostKeyAlgorithms } from "../../ssh/host-key";
import {
  formatKnownHosts,
  KnownHostsError,
  keysFor,
  mergeKnownHost,
  parseKnownHosts,
} from "../../ssh/known-hosts";

/** A public key of a type, its bytes made from a seed. */
function key(seed: number, type = "ssh-ed25519"): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  const blob = Buffer.concat([length, Buffer.from(type), Buffer.alloc(36, seed)]);
  return `${type} ${blob.toString("base64")}`;
}

describe("a known_hosts file", () => {
  it("gives the keys of an address, with and without a port", () => {
    const text = `# site\n192.0.2.1,one ${key(1)} a comment\n[192.0.2.1]:2222 ${key(2)}\n\n192.0.2.1 ${key(3, "ssh-rsa")}\n`;
    const entries = parseKnownHosts(text);
    assert.deepEqual(keysFor(entries, "192.0.2.1", 22), [key(1), key(3, "ssh-rsa")]);
    assert.deepEqual(keysFor(entries, "192.0.2.1", 2222), [key(2)]);
    assert.deepEqual(keysFor(entries, "192.0.2.11", 22), []);
  });

  it("gives the keys of a hashed address", () => {
    const salt = randomBytes(20);
    const hash = createHmac("sha1", salt).update("192.0.2.1").digest("base64");
    const entries = parseKnownHosts(`|1|${salt.toString("base64")}|${hash} ${key(1)}`);
    assert.deepEqual(keysFor(entries, "192.0.2.1", 22), [key(1)]);
    assert.deepEqual(keysFor(entries, "192.0.2.2", 22), []);
  });

  const bad: [string, string, RegExp][] = [
    ["a marker", `@cert-authority *.example ${key(1)}`, /line 2: marker/],
    ["a pattern", `192.0.2.* ${key(1)}`, /line 2: pattern/],
    ["a line that is cut", "192.0.2.1 ssh-ed25519", /needs a name, a key type and a key/],
    ["a key that is damaged", "192.0.2.1 ssh-ed25519 AAAA", /is not a public key/],
    ["a key of another type", `192.0.2.1 ssh-rsa ${key(1).split(" ")[1]}`, /of type ssh-rsa/],
  ];
  for (const [what, line, message] of bad) {
    it(`is refused with ${what}, by line`, () => {
      assert.throws(
        () => parseKnownHosts(`# first\n${line}\n`),
        (error) =>
          error instanceof KnownHostsError && message.test(error.message) && error.line === 2,
      );
    });
  }

  it("keeps every other host when one host's keys are replaced", () => {
    const one = fc.record({
      address: fc.ipV4(),
      port: fc.constantFrom(22, 2222),
      seed: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(one), one, (others, chosen) => {
        const before = others.reduce(
          (entries, { address, port, seed }) => mergeKnownHost(entries, address, port, [key(seed)]),
          parseKnownHosts(""),
        );
        const merged = mergeKnownHost(before, chosen.address, chosen.port, [key(chosen.seed)]);
        const after = parseKnownHosts(formatKnownHosts(merged));
        assert.deepEqual(keysFor(after, chosen.address, chosen.port), [key(chosen.seed)]);
        for (const { address, port } of others) {
          if (address === chosen.address && port === chosen.port) continue;
          assert.deepEqual(keysFor(after, address, port), keysFor(before, address, port));
        }
      }),
    );
  });

  it("takes only this host's name from a line that names several", () => {
    const entries = parseKnownHosts(`192.0.2.1,192.0.2.2 ${key(1)}`);
    const merged = mergeKnownHost(entries, "192.0.2.1", 22, [key(2)]);
    assert.equal(formatKnownHosts(merged), `192.0.2.2 ${key(1)}\n192.0.2.1 ${key(2)}\n`);
  });
});

describe("a host key", () => {
  it("has the fingerprint that ssh-keygen prints", () => {
    const known =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    assert.equal(fingerprint(known), "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
  });

  it("is asked for by its own type first, and RSA with SHA-2 only", () => {
    const order = hostKeyAlgorithms([key(1, "ssh-rsa")]);
    assert.deepEqual(order.slice(0, 3), ["rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519"]);
    assert.ok(!order.includes("ssh-rsa"));
  });
});
