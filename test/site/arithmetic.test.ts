import assert from "node:assert/strict";
import fc from "fast-check";
import { imageClashes, imageTag, imageUses, siteImage } from "../../site/images";
import { editDistance, nearest } from "../../site/nearest";
import {
  addressNumber,
  contains,
  formatAddress,
  formatNetwork,
  isNetworkAddress,
  overlap,
  parseNetwork,
} from "../../site/network";
import { formatPath } from "../../site/path";
import { cpuMillis, memoryMiB } from "../../site/quantities";
import { isSchedule } from "../../site/schedule";

const addresses = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const cidrs = fc
  .tuple(addresses, fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => `${formatAddress(address)}/${prefix}`);

describe("Networks", () => {
  it("turn addresses into numbers and back", () => {
    fc.assert(fc.property(addresses, (number) => addressNumber(formatAddress(number)) === number));
  });

  it("contain their first and last address and neither neighbour", () => {
    fc.assert(
      fc.property(cidrs, (cidr) => {
        const network = parseNetwork(cidr);
        assert.ok(network);
        assert.ok(contains(network, formatAddress(network.first)));
        assert.ok(contains(network, formatAddress(network.last)));
        assert.ok(network.first === 0 || !contains(network, formatAddress(network.first - 1)));
        assert.ok(
          network.last === 2 ** 32 - 1 || !contains(network, formatAddress(network.last + 1)),
        );
        assert.equal(network.last - network.first + 1, 2 ** (32 - network.prefix));
      }),
    );
  });

  it("overlap exactly when one contains the other's first address", () => {
    fc.assert(
      fc.property(cidrs, cidrs, (one, other) => {
        const [first, second] = [parseNetwork(one), parseNetwork(other)];
        assert.ok(first && second);
        const within =
          contains(first, formatAddress(second.first)) ||
          contains(second, formatAddress(first.first));
        assert.equal(overlap(first, second), within);
        assert.equal(overlap(second, first), within);
      }),
    );
  });

  it("are named by an address whose host part is zero", () => {
    fc.assert(
      fc.property(cidrs, (cidr) => {
        const network = parseNetwork(cidr);
        assert.ok(network);
        assert.ok(isNetworkAddress(formatNetwork(network)));
      }),
    );
    assert.equal(isNetworkAddress("10.233.64.1/18"), false);
  });

  for (const text of ["", "1.2.3", "256.1.1.1", "01.2.3.4", "1.2.3.4.5", "1.2.3.4 ", "::1"]) {
    it(`do not take ${JSON.stringify(text)} for an address`, () => {
      assert.ok(Number.isNaN(addressNumber(text)));
      assert.equal(parseNetwork(`${text}/24`), undefined);
    });
  }
});

describe("The nearest word", () => {
  const words = fc.stringMatching(/^[a-zA-Z]{1,12}$/);
  const known = ["address", "roles", "memoryGiB", "passwordSecret"];

  it("is at a distance that obeys the laws of distances", () => {
    fc.assert(
      fc.property(words, words, (one, other) => {
        assert.equal(editDistance(one, one), 0);
        assert.equal(editDistance(one, other), editDistance(other, one));
        assert.ok(editDistance(one, other) <= Math.max(one.length, other.length));
        assert.ok(editDistance(one, other) >= Math.abs(one.length - other.length));
      }),
    );
  });

  for (const [typed, meant] of [
    ["adress", "address"],
    ["roels", "roles"],
    ["memoryGib", "memoryGiB"],
    ["pasword-secret", "passwordSecret"],
    ["password", "passwordSecret"],
    ["pa", undefined],
    ["colour", undefined],
    ["x".repeat(100_000), undefined],
  ] as const) {
    it(`to ${typed.slice(0, 20)} is ${meant}`, () => assert.equal(nearest(typed, known), meant));
  }
});

describe("Quantities", () => {
  for (const [text, millis] of [
    ["250m", 250],
    ["2", 2000],
    ["0.1", 100],
    ["1.005", 1005],
    ["1e3", Number.NaN],
    ["-1", Number.NaN],
    ["", Number.NaN],
  ] as const) {
    it(`read ${JSON.stringify(text)} cores as ${millis}`, () =>
      assert.equal(cpuMillis(text), millis));
  }

  for (const [text, mebibytes] of [
    ["128Mi", 128],
    ["2Gi", 2048],
    ["1G", Number.NaN],
    ["1.5Gi", Number.NaN],
  ] as const) {
    it(`read ${text} of memory as ${mebibytes} MiB`, () =>
      assert.equal(memoryMiB(text), mebibytes));
  }
});

describe("Schedules", () => {
  for (const text of [
    "30 2 * * *",
    "*/5 0-6,22-23 1,15 jan-mar MON-fri",
    "0 0 31 12 0",
    "1-59/2 * ? * *",
    "@daily",
  ]) {
    it(`take ${text}`, () => assert.ok(isSchedule(text)));
  }
  for (const text of [
    "",
    "* * * *",
    "* * * * * *",
    "60 * * * *",
    "0 24 * * *",
    "0 0 0 * *",
    "0 0 * 13 *",
    "0 0 * * 7",
    "5-1 * * * *",
    "*/0 * * * *",
    "1-2-3 * * * *",
    "1/2/3 * * * *",
    "a * * * *",
    "30  2 * * *",
    "@reboot",
  ]) {
    it(`refuse ${JSON.stringify(text)}`, () => assert.ok(!isSchedule(text)));
  }
});

describe("Paths", () => {
  it("are written as in the file", () => {
    assert.equal(formatPath(["hosts", 3, "address"]), "hosts[3].address");
    assert.equal(formatPath(["labels", "a.b/c"]), 'labels["a.b/c"]');
    assert.equal(formatPath([]), "");
  });
});

describe("Images", () => {
  const digest = `sha256:${"a".repeat(64)}`;

  it("keep path, tag and digest in the site's registry", () => {
    assert.equal(
      siteImage(`ghcr.io/stefanprodan/podinfo:6.7.1@${digest}`, "dockerhub.kubekey.local"),
      `dockerhub.kubekey.local/stefanprodan/podinfo:6.7.1@${digest}`,
    );
    assert.equal(siteImage("localhost:5000/a/b:1", "r.local"), "r.local/a/b:1");
  });

  it("have the tag that stands after the name, not a registry's port", () => {
    assert.equal(imageTag(`localhost:5000/a/b:1.2@${digest}`), "1.2");
    assert.equal(imageTag("localhost:5000/a/b"), "");
  });

  it("are listed once, with all that need them", () => {
    const uses = imageUses(
      [
        { image: "a.io/x:1", neededBy: "cluster" },
        { image: "a.io/x:1", neededBy: "workload web" },
        { image: "a.io/x:1", neededBy: "cluster" },
      ],
      "r.local",
    );
    assert.deepEqual(uses, [
      { image: "a.io/x:1", siteImage: "r.local/x:1", neededBy: "cluster, workload web" },
    ]);
  });

  it("clash when the site's registry cannot tell them apart", () => {
    const clash = (one: string, other: string) => imageClashes([one, other]).length;
    assert.equal(clash("a.io/x/y:1", "b.io/x/y:1"), 1);
    assert.equal(clash(`a.io/x/y:1@${digest}`, `a.io/x/y:1@sha256:${"b".repeat(64)}`), 1);
    assert.equal(clash("a.io/x/y:1", "a.io/x/y:2"), 0);
    assert.equal(clash("a.io/x/y:1", "a.io/x/y:1"), 0);
  });
});
