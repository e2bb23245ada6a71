import assert from "node:assert/strict";
import { withBundle } from "../support/bundled-site";
import { sampleSite } from "../support/sites";

/** What rules and reports know of a site's room. */
describe("Room of a site", () => {
  const roomOf = (name: "site-a" | "site-b") => withBundle(sampleSite(name));

  it("is what Ceph's disks hold together, copies taken off, and one volume may have all of it", () => {
    assert.deepEqual(roomOf("site-a").platform.storage?.room, {
      classes: ["ceph-block", "ceph-filesystem"],
      usableGiB: 2720,
      largestGiB: 2720,
      because: "four fifths of 10200 GiB of disks, kept 3 times",
      key: "ceph",
    });
  });

  it("is what workers' own disks hold, of which one volume has one", () => {
    assert.deepEqual(roomOf("site-b").platform.storage?.room, {
      classes: ["local"],
      usableGiB: 160,
      largestGiB: 160,
      because: "four fifths of the 200 GiB of the workers",
      key: "local",
    });
  });

  it("says what nodes keep for themselves and how many may be lost", () => {
    const { overhead, spareNodes } = roomOf("site-a").capacity;
    assert.deepEqual(
      { overhead, spareNodes },
      { overhead: { cpuMillis: 300, memoryMiB: 1024 }, spareNodes: 1 },
    );
    assert.equal(roomOf("site-b").capacity.spareNodes, 0);
  });
});
