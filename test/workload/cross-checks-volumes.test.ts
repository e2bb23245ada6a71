import { smallSite } from "../support/sites";
import { type Cases, describeCases } from "./support/cases";

const nfs = { kind: "nfs", nfs: { server: "192.0.2.50", path: "/srv/volumes" } };
const ceph = (sizeGiB: number) => ({
  kind: "ceph",
  ceph: {
    devices: Object.fromEntries(
      [1, 2, 3].map((at) => [`storage-${at}`, [{ path: `/dev/disk/by-id/disk-${at}`, sizeGiB }]]),
    ),
  },
});
const storageHosts = [1, 2, 3].map((at) => ({
  ...smallSite().hosts[1],
  name: `storage-${at}`,
  address: `192.0.2.4${at}`,
  roles: ["storage"],
  cpus: 16,
  memoryGiB: 64,
}));

const cases: Cases = {
  "files and volumes": [
    {
      title: "one path twice, and files whose keys would be one",
      spoil: (release) => {
        release.secrets = { key: { random: {} } };
        release.workloads.web.files = { "/etc/app": "1", "/etc/a_b": "1", "/etc/a/b": "2" };
        release.workloads.web.secretFiles = { "/etc/app": "key" };
        release.workloads.web.volumes = {
          cache: { mountPath: "/etc/a_b", emptyDir: { sizeMiB: 1 } },
        };
      },
      problems: [
        /^workloads.web.files\["\/etc\/a_b"\] {2}needs a path where nothing else is mounted/,
        /^workloads.web.secretFiles\["\/etc\/app"\] {2}needs a path where nothing else/,
        /^workloads.web.files\["\/etc\/a\/b"\] {2}needs a path that differs/,
      ],
    },
    {
      title: "a path that climbs, and files that no ConfigMap holds",
      spoil: ({ workloads }) => {
        workloads.web.files = { "/etc/../passwd": "1" };
        workloads.db.files = { "/etc/large": "x".repeat(600 * 1024) };
      },
      problems: [
        /^workloads.web.files\["\/etc\/..\/passwd"\] {2}needs /,
        /^workloads.db.files {2}needs files of at most 512 KiB together/,
      ],
    },
    {
      title: "two sources of one volume",
      spoil: ({ workloads }) => {
        workloads.web.volumes = {
          data: { mountPath: "/data", emptyDir: { sizeMiB: 1 }, memory: { sizeMiB: 1 } },
        };
      },
      problems: [/^workloads.web.volumes.data {2}needs just one of claim, shared, nfs/],
    },
    {
      title: "claims under names that are kept",
      spoil: ({ workloads }, site) => {
        site.storage = nfs;
        workloads.db.claims = [
          { name: "tmp", mountPath: "/a", sizeGiB: 1 },
          { name: "data", mountPath: "/b", sizeGiB: 1 },
          { name: "data", mountPath: "/c", sizeGiB: 1 },
        ];
      },
      problems: [
        /^workloads.db.claims\[0\].name {2}needs a name other than tmp/,
        /^workloads.db.claims\[2\].name {2}needs a name of its own/,
      ],
    },
    {
      title: "a volume of the release that is not there, or elsewhere",
      spoil: (release, site) => {
        site.storage = nfs;
        release.namespaces.post = {};
        release.volumes = {
          reports: { namespace: "post", sizeGiB: 1 },
          lost: { namespace: "pots", sizeGiB: 1 },
        };
        release.workloads.web.volumes = {
          one: { mountPath: "/one", shared: "report" },
          two: { mountPath: "/two", shared: "reports" },
        };
      },
      problems: [
        /^volumes.lost.namespace {2}needs a namespace of the release: parcels, post; .*write post/,
        /^workloads.web.volumes.one.shared {2}needs one of the release's volumes.*write reports/,
        /^workloads.web.volumes.two.shared {2}needs a volume of namespace parcels; given reports, which is in post/,
      ],
    },
    {
      title: "claims of one name",
      spoil: (release, site) => {
        site.storage = nfs;
        release.volumes = { "db-data": { namespace: "parcels", sizeGiB: 1 } };
        release.workloads.db.volumes = { data: { mountPath: "/data", claim: { sizeGiB: 1 } } };
      },
      problems: [
        /^workloads.db.volumes.data {2}needs a name whose claim, db-data, is not also that of volumes.db-data/,
      ],
    },
    {
      title: "a volume of one node for Pods of several",
      spoil: ({ workloads }, site) => {
        site.storage = nfs;
        workloads.web.volumes = { data: { mountPath: "/data", claim: { sizeGiB: 1 } } };
      },
      problems: [/^workloads.web.volumes.data.claim.shared {2}needs true: 2 Pods of web mount it/],
    },
    {
      title: "a class of one node for what several mount",
      spoil: ({ workloads }, site) => {
        site.hosts.push(...storageHosts);
        site.storage = ceph(100);
        const claim = { sizeGiB: 1, shared: true, storageClass: "ceph-block" };
        workloads.web.volumes = { data: { mountPath: "/data", claim } };
      },
      problems: [
        /^workloads.web.volumes.data.claim.storageClass {2}needs a class that Pods of several nodes mount at once: ceph-filesystem; given ceph-block for volume data of workload web; next: name it here, or at this site alone under workloads.web.storage.data/,
      ],
    },
    {
      title:
        "nothing where nobody names a class for what several mount: the first that can is taken",
      spoil: (release, site) => {
        site.hosts.push(...storageHosts);
        site.storage = ceph(100);
        release.volumes = { photos: { namespace: "parcels", sizeGiB: 1 } };
        release.workloads.web.volumes = {
          data: { mountPath: "/data", claim: { sizeGiB: 1, shared: true } },
        };
      },
      problems: [],
    },
    {
      title: "nothing where the site names the class",
      spoil: ({ workloads }, site) => {
        site.hosts.push(...storageHosts);
        site.storage = ceph(100);
        site.workloads = { web: { storage: { data: { storageClass: "ceph-filesystem" } } } };
        workloads.web.volumes = {
          data: { mountPath: "/data", claim: { sizeGiB: 1, shared: true } },
        };
      },
      problems: [],
    },
    {
      title: "more than the disks hold, copies and reserve counted",
      spoil: (release, site) => {
        site.hosts.push(...storageHosts);
        site.storage = ceph(100);
        release.volumes = {
          photos: { namespace: "parcels", sizeGiB: 60, storageClass: "ceph-filesystem" },
        };
        release.workloads.db.replicas = 2;
        release.workloads.db.claims = [{ name: "data", mountPath: "/data", sizeGiB: 15 }];
      },
      problems: [
        /^storage.ceph {2}needs room for 90 GiB that the release claims: volume photos 60, claim data of workload db 2 × 15; given 80 GiB, four fifths of 300 GiB of disks, kept 3 times/,
      ],
    },
    {
      title: "a class that the site has not, where the site names it",
      spoil: ({ workloads }, site) => {
        site.storage = nfs;
        site.workloads = {
          db: { storage: { data: { storageClass: "fast" }, dta: { sizeGiB: 2 } } },
        };
        workloads.db.claims = [{ name: "data", mountPath: "/data", sizeGiB: 1 }];
      },
      problems: [
        /^workloads.db.storage.data.storageClass {2}needs a class of the site: nfs; given "fast"/,
        /^workloads.db.storage.dta {2}needs a claim of workload db: data; given "dta"; next: write data/,
      ],
    },
    {
      title: "claims of workloads and of the release at a site without storage",
      spoil: (release) => {
        release.volumes = { photos: { namespace: "parcels", sizeGiB: 60 } };
        release.workloads.migrate.volumes = { data: { mountPath: "/data", claim: { sizeGiB: 1 } } };
      },
      problems: [
        /^workloads.migrate.volumes.data.claim {2}needs storage at the site/,
        /^volumes.photos {2}needs storage at the site/,
      ],
    },
  ],
};

describeCases(cases);
