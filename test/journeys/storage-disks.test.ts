import { strict as assert } from "node:assert";
import { parseFindings } from "../../components/hosts/findings";
import { preflightScript } from "../../components/hosts/preflight-script";
import { disksFolder } from "../../rehearsal/hosts/disks";
import { allDisksFolder } from "../../rehearsal/operators/ceph-disks";
import { hostPreflight } from "../../site/preflight";
import { catalogue, resolve, smallSite } from "../support/sites";
import { open, type Simulated, SimulatedSites } from "./support/simulated-sites";

const disks = ["empty", "formatted", "parted", "small"].map((name) => ({
  path: `/dev/disk/by-id/nvme-${name}`,
  sizeGiB: name === "small" ? 10 : 20,
}));

/** Disks as a site states them: one larger than it is, and one that is not there. */
const stated = [
  ...disks.map(({ path }) => ({ path, sizeGiB: 20 })),
  { path: "/dev/disk/by-id/nvme-absent", sizeGiB: 20 },
];

describe("disks of a simulated storage host", function () {
  this.timeout(60_000);
  let sites: SimulatedSites;
  let main: Simulated;
  const [first, second] = open.hosts;
  const hosts = [
    { ...(first as NonNullable<typeof first>), name: "storage-1", disks },
    { ...(second as NonNullable<typeof second>), name: "control-1" },
  ];
  const site = { ...open, name: "journey-disks", hosts };

  const run = async (host: string, script: string) => {
    const { code, stdout, stderr } = await main.onHost(host, script);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  };

  /** What the preflight of the host finds, by check. */
  async function findings() {
    const [host] = resolve(smallSite()).site.hosts;
    assert.ok(host);
    const checks = hostPreflight(host, catalogue.preflight, { devices: stated }).filter(({ id }) =>
      id.startsWith("device"),
    );
    const script = preflightScript({ site: "site-t", host: "storage-1", checks });
    const { stdout } = await main.onHost("storage-1", script);
    return new Map(parseFindings("storage-1", checks, stdout).map((one) => [one.id, one]));
  }

  const given = async () =>
    Object.fromEntries([...(await findings())].map(([id, { ok, given }]) => [id, ok || given]));

  before(async () => {
    sites = new SimulatedSites();
    main = sites.add(site);
    await main.start();
  });

  after(() => sites?.end());

  it("are block devices by their stable names, and cannot be opened past their files", async () => {
    for (const { path } of disks) {
      await run("storage-1", `[ -b ${path} ] && ! head -c 1 ${path} 2>/dev/null`);
    }
    assert.equal(await run("control-1", "ls /dev/disk/by-id 2>/dev/null | wc -l"), "0");
  });

  it("pass the preflight while they are empty and large enough; the others are told apart", async () => {
    assert.deepEqual(await given(), {
      "device-size-1": true,
      "device-empty-1": true,
      "device-size-2": true,
      "device-empty-2": true,
      "device-size-3": true,
      "device-empty-3": true,
      "device-size-4": "10 GiB",
      "device-empty-4": true,
      "device-size-5": "there is no such disk",
      "device-empty-5": true,
    });
  });

  it("are refused once they hold a file system or partitions, with what they hold", async () => {
    await run("storage-1", `mkfs.ext4 -q -E lazy_journal_init=1 -J size=4 ${disksFolder}/sdc`);
    // By hand, for the tools that make partitions are not everywhere: one of kind Linux, from sector 2048 on.
    const put = (at: number) => `dd of=${disksFolder}/sdd bs=1 seek=${at} conv=notrunc status=none`;
    const part = "\\0\\0\\0\\0\\203\\0\\0\\0\\0\\010\\0\\0\\0\\0\\020\\0";
    await run("storage-1", `printf '${part}' | ${put(446)}; printf '\\125\\252' | ${put(510)}`);
    const found = await given();
    assert.equal(found["device-empty-1"], true);
    assert.equal(found["device-empty-2"], "holds ext4");
    assert.equal(found["device-empty-3"], "has a partition table of kind dos, has the part sdd1");
    const refused = (await findings()).get("device-empty-2");
    assert.equal(refused?.severity, "blocking");
    assert.match(refused?.remedy ?? "", /wipefs --all \/dev\/disk\/by-id\/nvme-formatted/);
  });

  it("keep what they hold, and may grow, when their host starts again", async () => {
    const grown = [{ ...disks[0], sizeGiB: 30 }, ...disks.slice(1)] as typeof disks;
    await main.start({
      ...site,
      hosts: [{ ...hosts[0], disks: grown } as never, hosts[1] as never],
    });
    assert.equal((await given())["device-empty-2"], "holds ext4");
    assert.equal(await run("storage-1", `blockdev --getsize64 ${disks[0]?.path}`), "32212254720");
  });

  it("are seen by a control plane, which cannot change them", async () => {
    const folder = `${allDisksFolder}/storage-1`;
    assert.equal(await run("control-1", `blkid -p -s TYPE -o value ${folder}/sdc`), "ext4");
    await run("control-1", `! touch ${folder}/sdb 2>/dev/null`);
  });

  it("leave looking at anything else to the real tools", async () => {
    await run("storage-1", "truncate -s 8M /tmp/image && mkfs.ext4 -q /tmp/image");
    assert.equal(await run("storage-1", "blkid -p -s TYPE -o value /tmp/image"), "ext4");
  });
});
