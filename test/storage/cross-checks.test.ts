import assert from "node:assert/strict";
import type { CheckInput } from "../../site/check-input";
import { storageClaims } from "../../site/cross-checks/storage-claims";
import { catalogue, problemsOf, resolve, smallSite } from "../support/sites";
import { cephSite, disk, localSite, nfsSite } from "../support/storage-sites";

type AnySite = ReturnType<typeof smallSite>;

interface Case {
  readonly title: string;
  readonly site: AnySite;
  /** Path, then the beginning of what is needed there, of every problem expected. */
  readonly problems: readonly string[];
}

function changed(site: AnySite, change: (site: AnySite) => void): AnySite {
  change(site);
  return site;
}

const cases: readonly Case[] = [
  { title: "nothing in a site with Ceph", site: cephSite(), problems: [] },
  { title: "nothing in a site with NFS", site: nfsSite(), problems: [] },
  { title: "nothing in a site with one worker's disk", site: localSite(), problems: [] },
  {
    title: "a kind without its settings",
    site: changed(cephSite(), ({ storage }) => delete storage.ceph),
    problems: ["storage.ceph: settings, since storage.kind is ceph"],
  },
  {
    title: "settings of another kind",
    site: changed(nfsSite(), ({ storage }) => {
      storage.local = {};
    }),
    problems: ["storage.local: to be absent, since storage.kind is nfs"],
  },
  {
    title: "a disk by a name that another may have tomorrow",
    site: cephSite({ devices: { "storage-1": [{ path: "/dev/sdb", sizeGiB: 100 }] } }),
    problems: ["storage.ceph.devices.storage-1[0].path: a disk by its stable name"],
  },
  {
    title: "a disk by a path that leads out of its folder",
    site: cephSite({ devices: { "storage-1": [disk("../../sda")] } }),
    problems: ["storage.ceph.devices.storage-1[0].path: a disk by its stable name"],
  },
  {
    title: "a disk whose name holds shell words",
    site: cephSite({ devices: { "storage-1": [disk("a$(reboot)")] } }),
    problems: ["storage.ceph.devices.storage-1[0].path: a disk by its stable name"],
  },
  {
    title: "disks of a host that is none",
    site: changed(cephSite(), ({ storage }) => {
      storage.ceph.devices["storage-9"] = [disk("z")];
    }),
    problems: [
      "storage.ceph.devices.storage-9: as its key the name of a host with the role storage",
    ],
  },
  {
    title: "disks of a host without the role",
    site: changed(cephSite(), ({ storage }) => {
      storage.ceph.devices["worker-1"] = [disk("z")];
    }),
    problems: [
      "storage.ceph.devices.worker-1: as its key the name of a host with the role storage",
    ],
  },
  {
    title: "too few hosts for the copies",
    site: changed(cephSite(), ({ storage }) => delete storage.ceph.devices["storage-3"]),
    problems: ["storage.ceph.devices: disks on at least 3 hosts"],
  },
  {
    title: "a disk twice",
    site: changed(cephSite(), ({ storage }) => {
      storage.ceph.devices["storage-1"].push(disk("a"));
    }),
    problems: ["storage.ceph.devices.storage-1[1].path: each disk of a host once"],
  },
  {
    title: "a disk for data and for metadata",
    site: changed(cephSite(), ({ storage }) => {
      storage.ceph.devices["storage-1"].push(disk("d", { metadataPath: disk("a").path }));
    }),
    problems: ["storage.ceph.devices.storage-1[1].metadataPath: a disk that holds no data itself"],
  },
  {
    title: "an even number of monitors",
    site: cephSite({ monitors: 2 }),
    problems: ["storage.ceph.monitors: an odd number of monitors from 1 to 9"],
  },
  {
    title: "more monitors than hosts",
    site: cephSite({ monitors: 5 }),
    problems: ["storage.ceph.monitors: at most 3"],
  },
  {
    title: "daemons of disks with too little memory",
    site: cephSite({
      resources: {
        osd: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
      },
    }),
    problems: ["storage.ceph.resources.osd.requests.memory: at least 2Gi"],
  },
  {
    title: "more disks than their host has memory for",
    site: changed(cephSite(), (site) => {
      const host = site.hosts.find(({ name }: { name: string }) => name === "storage-1");
      host.memoryGiB = 8;
      site.storage.ceph.devices["storage-1"].push(disk("d"), disk("e"));
      site.capacity = { spareNodes: 0 };
    }),
    problems: ["storage.ceph.devices.storage-1: 3.06 cores and 13 GiB on storage-1"],
  },
  {
    title: "zones of which one is much smaller than the others",
    site: changed(cephSite(), (site) => {
      for (const host of site.hosts) {
        if (!host.roles.includes("registry")) host.zone = `rack-${host.name.slice(-1)}`;
      }
      site.storage.ceph.devices["storage-1"][0].sizeGiB = 1000;
    }),
    problems: ["storage.ceph.devices: zones of similar size"],
  },
  {
    title: "a Rook that is two minors back",
    site: cephSite({ upgradedFrom: "v1.18.3" }),
    problems: ["storage.ceph.upgradedFrom: v1.19 or v1.20"],
  },
  {
    title: "a Rook that is not prepared for the drivers' own chart",
    site: cephSite({ upgradedFrom: "v1.19.4" }),
    problems: ["storage.ceph.upgradedFrom: v1.19.5 or later"],
  },
  {
    title: "nothing in a Rook that is prepared",
    site: cephSite({ upgradedFrom: "v1.19.5" }),
    problems: [],
  },
  {
    title: "leave to erase that was copied from another site",
    site: cephSite({ eraseOnDelete: "site-a" }),
    problems: ["storage.ceph.eraseOnDelete: the site's own name, site-t"],
  },
  {
    title: "one name for two classes",
    site: cephSite({ filesystem: { class: "ceph-block" } }),
    problems: ["storage.ceph.filesystem.class: a name that no other class has"],
  },
  {
    title: "a default class that is off",
    site: cephSite({ filesystem: { enabled: false }, defaultClass: "filesystem" }),
    problems: ["storage.ceph.defaultClass: block or none"],
  },
  {
    title: "local volumes with several workers that nobody acknowledged",
    site: changed(smallSite(), (site) => {
      site.storage = { kind: "local" };
    }),
    problems: ["storage.local.dataStaysOnItsNode: true with 2 workers"],
  },
  {
    title: "nothing in local volumes with several workers that somebody acknowledged",
    site: changed(smallSite(), (site) => {
      site.storage = { kind: "local", local: { dataStaysOnItsNode: true } };
    }),
    problems: [],
  },
  {
    title: "an NFS folder that is none",
    site: nfsSite({ path: "/srv/../etc" }),
    problems: ["storage.nfs.path: an absolute folder"],
  },
];

describe("Cross-checks of storage find", () => {
  for (const { title, site, problems } of cases) {
    it(title, () => {
      const found = problemsOf(site);
      const wanted = problems.map((problem) => `sitewright:site.${problem}`);
      assert.deepEqual(
        found.map((text, at) => text.slice(0, wanted[at]?.length)),
        wanted,
        found.join("\n"),
      );
    });
  }
});

describe("Claims of the release", () => {
  /** Problems with a claim for this class at a site. */
  function problems(site: AnySite, storageClass?: string): readonly string[] {
    const loaded = resolve(site);
    const web = loaded.release.workloads.web;
    assert.ok(web?.kind === "StatefulSet");
    const claim = { name: "data", mountPath: "/data", sizeGiB: 1, storageClass };
    const workloads = { ...loaded.release.workloads, web: { ...web, claims: [claim] } };
    const release = { ...loaded.release, workloads };
    const input: CheckInput = { name: "site-t", site: loaded.site, hosts: [], release, catalogue };
    return storageClaims.find(input).map(({ path, needed, next }) => {
      return `${path.join(".")}: ${needed} (${next})`;
    });
  }

  const claim = "workloads.web.claims.0";
  const table: readonly [string, AnySite, string | undefined, readonly string[]][] = [
    ["get the default class", cephSite(), undefined, []],
    ["get a class of the site", cephSite(), "ceph-filesystem", []],
    ["get the class of one worker's disk", localSite(), "local", []],
    [
      "need storage where they name no class",
      smallSite(),
      undefined,
      [`${claim}: storage at the site, since it claims a volume (state storage in the site)`],
    ],
    [
      "need storage where they name one",
      smallSite(),
      "fast",
      [
        `${claim}.storageClass: storage at the site, since it claims a volume (state storage in the site)`,
      ],
    ],
    [
      "need a class where none is the default",
      cephSite({ defaultClass: "none" }),
      undefined,
      [
        `${claim}: a storageClass, since the site has no default one: ceph-block, ceph-filesystem (name one, or make one of the site's classes the default)`,
      ],
    ],
    [
      "are told of a misspelt class",
      cephSite(),
      "ceph-blok",
      [
        `${claim}.storageClass: a class of the site: ceph-block, ceph-filesystem (write ceph-block)`,
      ],
    ],
    [
      "cannot be for buckets",
      cephSite({ object: { enabled: true } }),
      "ceph-bucket",
      [
        `${claim}.storageClass: a class of the site for volumes; this one is for buckets: ceph-block, ceph-filesystem (name one of these)`,
      ],
    ],
  ];
  for (const [title, site, storageClass, wanted] of table) {
    it(title, () => assert.deepEqual(problems(site, storageClass), wanted));
  }
});
