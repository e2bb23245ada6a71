import assert from "node:assert/strict";
import fc from "fast-check";
import { claimCapacity } from "../../policies/claim-capacity";
import type { Blueprint } from "../../site/blueprint-types";
import { withBundle } from "../support/bundled-site";
import { sampleSite } from "../support/sites";
import {
  judged,
  objectSubject,
  patchSubject,
  type Setting,
  siteA,
  unknown,
  violations,
} from "./support/judging";
import { claim, claimSpec, claimsEverywhere } from "./support/sample-claims";

type Objects = readonly Readonly<Record<string, unknown>>[];

const found = (objects: Objects, setting: Setting = {}) =>
  violations(
    claimCapacity,
    objects.map((one) => objectSubject(one)),
    setting,
  );

const sized = (storage: unknown, name = "data", more: object = {}) =>
  claim({ ...more, resources: { requests: { storage } } }, name);

/** Usable room of site-a: six disks of 1700 GiB, kept three times, four fifths of that. */
const usable = 2720;

/** Two workers' disks: of 200 GiB and of 100 GiB, four fifths of them usable. */
function localSite(): Blueprint {
  const blueprint = withBundle(sampleSite("site-b"));
  const { storage } = blueprint.platform;
  assert.ok(storage?.room);
  const room = { ...storage.room, usableGiB: 240, largestGiB: 160 };
  return { ...blueprint, platform: { ...blueprint.platform, storage: { ...storage, room } } };
}

describe("claim-capacity", () => {
  it("lets claims through that fill the storage", () => {
    assert.deepEqual(found([sized(`${usable - 100}Gi`), sized("100Gi", "other")]), []);
  });

  it("refuses claims that together are too large, and names the largest", () => {
    const [violation = "", ...others] = found([
      sized("101Gi", "small"),
      sized(`${usable - 100}Gi`, "large", { storageClassName: "ceph-filesystem" }),
    ]);
    assert.ok(
      violation.startsWith(
        "PersistentVolumeClaim parcels/large: spec.resources.requests.storage needs room for 2721 GiB that all claims come to; given 2720 GiB, four fifths of 10200 GiB of disks, kept 3 times; the most for PersistentVolumeClaim parcels/large (1 × 2620Gi)",
      ),
      violation,
    );
    assert.deepEqual(others, []);
  });

  const counts = [1, 3, 2, 3, 1, 2, 2];
  for (const [at, [path, object]] of claimsEverywhere(
    claimSpec({ resources: { requests: { storage: "1000Gi" } } }),
  ).entries()) {
    const count = counts[at] ?? 0;
    it(`counts ${path} of a ${object.kind} ${count} times`, () => {
      const rest = usable - count * 1000;
      if (rest < 0) {
        assert.match(found([object]).join(), new RegExp(`room for ${count * 1000} GiB`));
        return;
      }
      assert.deepEqual(found(rest === 0 ? [object] : [object, sized(`${rest}Gi`, "rest")]), []);
      assert.equal(found([object, sized(`${rest + 1}Gi`, "rest")]).length, 1);
    });
  }

  it("refuses a volume that is larger than any disk, whatever room there is together", () => {
    const blueprint = localSite();
    assert.deepEqual(found([sized("160Gi")], { blueprint }), []);
    assert.match(
      found([sized("161Gi")], { blueprint }).join(),
      /at most 160Gi, all that one volume may hold/,
    );
    assert.match(
      found([sized("150Gi"), sized("91Gi", "b")], { blueprint }).join(),
      /room for 241 GiB/,
    );
  });

  for (const [title, storage] of [
    ["no size", undefined],
    ["a size of nothing", "0"],
    ["a word", "much"],
    ["something odd", ["1Gi"]],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.match(
        found([sized(storage)]).join(),
        /spec.resources.requests.storage needs a size such as 10Gi; given/,
      );
    });
  }

  it("leaves out what is not this storage's: volumes made by hand, and other classes", () => {
    for (const storageClassName of ["", "elsewhere"]) {
      assert.deepEqual(found([sized("9000Ti", "data", { storageClassName })]), []);
    }
  });

  it("goes by the site's setting where only the storage's owner knows its room, or where that is less", () => {
    const { storage, ...platform } = siteA().platform;
    assert.ok(storage);
    const { room: _, ...unbounded } = storage;
    const blueprint = { ...siteA(), platform: { ...platform, storage: unbounded } };
    assert.deepEqual(found([sized("9000Gi")], { blueprint }), []);
    const settings = { usableGiB: 500 };
    assert.match(
      found([sized("300Gi"), sized("201Gi", "b")], { blueprint, settings }).join(),
      /500 GiB, as the rule's setting/,
    );
    assert.equal(found([sized("501Gi")], { settings }).length, 1);
    assert.equal(found([sized("9000Gi")], { settings: { usableGiB: 9999 } }).length, 1);
  });

  it("goes on without sizes that only the update will know, and without patches", () => {
    const subjects = [
      objectSubject(sized(unknown)),
      patchSubject(sized("9000Ti", "patched")),
      objectSubject(sized("9000Gi", "other")),
    ];
    const { findings, undecided } = judged(claimCapacity, subjects);
    assert.deepEqual(
      findings.map(({ about }) => about.title),
      ["PersistentVolumeClaim parcels/other"],
    );
    assert.deepEqual(undecided, []);
  });

  it("judges the others where a class is not known yet, and says so", () => {
    const subjects = [
      objectSubject(sized("1Gi", "later", { storageClassName: unknown })),
      objectSubject(sized("9000Gi", "other")),
    ];
    const { findings, undecided } = judged(claimCapacity, subjects);
    assert.equal(findings.length, 1);
    assert.equal(undecided.length, 1);
  });

  it("bears objects of any shape", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("PersistentVolumeClaim", "Pod"),
        fc.anything(),
        fc.anything(),
        (kind, spec, resources) => {
          const objects = [{ apiVersion: "v1", kind, spec }, claim({ resources }), sized(spec)];
          judged(
            claimCapacity,
            objects.map((one) => objectSubject(one)),
          );
        },
      ),
    );
  });
});
