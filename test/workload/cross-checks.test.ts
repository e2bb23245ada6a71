import assert from "node:assert/strict";
import { image, releaseProblems, resources, smallRelease } from "../support/releases";
import { smallSite } from "../support/sites";

// biome-ignore lint/suspicious/noExplicitAny: cases spoil release and site in ways that no type allows
type Any = any;

interface Case {
  readonly title: string;
  readonly spoil: (release: Any, site: Any) => void;
  /** One for each problem expected, in any order; none where all is well. */
  readonly problems: readonly RegExp[];
}

const because = "the reason is part of the test";
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

const cases: Readonly<Record<string, readonly Case[]>> = {
  "defaults and their overrides": [
    {
      title: "a setting that its kind has not",
      spoil: ({ workloads }) => {
        workloads.migrate.overrides = { podManagement: { value: "parallel", because } };
      },
      problems: [
        /^workloads.migrate.overrides.podManagement {2}needs nothing: a Job has no podManagement, only a StatefulSet has; given "parallel"; next: remove it/,
      ],
    },
    {
      title: "a way of updating that its kind has not",
      spoil: ({ workloads }) => {
        workloads.web.overrides = { updateStrategy: { value: "onDelete", because } };
      },
      problems: [
        /^workloads.web.overrides.updateStrategy.value {2}needs rolling or recreate for a Deployment/,
      ],
    },
    {
      title: "no reason",
      spoil: ({ workloads }) => {
        workloads.web.overrides = { runAsUser: { value: 101 } };
      },
      problems: [/^workloads.web.overrides.runAsUser.because {2}needs a reason in one line/],
    },
    {
      title: "a name that no default has, with the one that was meant",
      spoil: ({ workloads }) => {
        workloads.web.overrides = { runAsUsr: { value: 101, because } };
      },
      problems: [/^workloads.web.overrides.runAsUsr {2}needs a known key.*write runAsUser/],
    },
    {
      title: "a Pod that is killed while it still serves",
      spoil: ({ workloads }) => {
        workloads.web.overrides = { terminationGraceSeconds: { value: 5, because } };
        workloads.db.ports = [{ name: "sql", port: 5432 }];
        workloads.db.overrides = { preStopSeconds: { value: 30, because } };
      },
      problems: [
        /^workloads.web.overrides.terminationGraceSeconds.value {2}needs more than preStopSeconds, 5/,
        /^workloads.db.overrides.preStopSeconds.value {2}needs less than terminationGraceSeconds, 30/,
      ],
    },
  ],
  "Pod security": [
    {
      title: "root in a restricted namespace",
      spoil: ({ workloads }) => {
        workloads.web.overrides = { runAsUser: { value: 0, because } };
      },
      problems: [
        /^workloads.web.overrides.runAsUser {2}needs a namespace whose Pod security level is baseline for processes of root; given parcels, which is restricted; next: state namespaces.parcels.podSecurity: \{level: baseline, because: …\}/,
      ],
    },
    {
      title: "nothing where the namespace allows it",
      spoil: ({ workloads, namespaces }) => {
        namespaces.parcels = { podSecurity: { level: "baseline", because } };
        workloads.web.overrides = {
          runAsUser: { value: 0, because },
          capabilities: { value: ["NET_BIND_SERVICE", "CHOWN"], because },
        };
      },
      problems: [],
    },
    {
      title: "a capability and a folder of the node in a baseline namespace",
      spoil: ({ workloads, namespaces }, site) => {
        namespaces.parcels = { podSecurity: { level: "baseline", because } };
        site.hostPaths = ["/var/log"];
        workloads.agent.overrides = { capabilities: { value: ["NET_ADMIN"], because } };
        workloads.agent.volumes = {
          logs: { mountPath: "/logs", hostPath: { path: "/var/log/parcels" } },
        };
      },
      problems: [
        /^workloads.agent.overrides.capabilities {2}needs .* privileged for capability NET_ADMIN/,
        /^workloads.agent.volumes.logs.hostPath {2}needs .* privileged for the node's \/var\/log\/parcels/,
      ],
    },
    {
      title: "a looser level without its reason",
      spoil: ({ namespaces }) => {
        namespaces.parcels = { podSecurity: { level: "privileged" } };
      },
      problems: [/^namespaces.parcels.podSecurity {2}needs the reason under `because`/],
    },
    {
      title: "a folder of the node that the site does not allow",
      spoil: ({ workloads, namespaces }, site) => {
        namespaces.parcels = { podSecurity: { level: "privileged", because } };
        site.hostPaths = ["/var/log/parcel"];
        workloads.agent.volumes = {
          logs: { mountPath: "/logs", hostPath: { path: "/var/log/parcels" } },
        };
      },
      problems: [
        /^hostPaths {2}needs \/var\/log\/parcels or a folder above it, which workload agent mounts from its nodes; given \/var\/log\/parcel;/,
      ],
    },
  ],
  "containers that run before": [
    {
      title: "names that are taken",
      spoil: ({ workloads }) => {
        const one = { image: image("busybox"), resources };
        workloads.web.volumes = {
          fonts: { mountPath: "/fonts", image: { image: image("fonts"), path: "/a", sizeMiB: 9 } },
        };
        workloads.web.init = [
          { name: "web", ...one },
          { name: "copy-fonts", ...one },
          { name: "wait", ...one },
          { name: "wait", ...one },
        ];
      },
      problems: [/init\[0\].name {2}needs a name/, /init\[1\].name/, /init\[3\].name/],
    },
    {
      title: "limits below requests, and images that clash in the site's registry",
      spoil: ({ workloads }) => {
        const limits = { cpu: "100m", memory: "1Mi" };
        const other = image("nginx").replace("docker.io", "quay.io");
        workloads.web.init = [{ name: "wait", image: other, resources: { ...resources, limits } }];
      },
      problems: [
        /^workloads.web.init\[0\].resources.limits.memory {2}needs at least the request of 16Mi/,
        /^workloads.web.init\[0\].image {2}needs a name and tag of its own/,
      ],
    },
    {
      title: "requests that no node can hold",
      spoil: ({ workloads }) => {
        const large = { cpu: "100m", memory: "20Gi" };
        workloads.web.init = [
          { name: "load", image: image("busybox"), resources: { requests: large, limits: large } },
        ];
      },
      problems: [
        /^workloads.web.resources {2}needs requests for workload web that fit on one node/,
        /^capacity {2}needs room/,
      ],
    },
  ],
  secrets: [
    {
      title: "a name that the release has not, with the one that was meant",
      spoil: (release) => {
        release.secrets = { "ledger-password": { random: {} } };
        release.workloads.web.secretEnv = { DB_PASSWORD: "ledger-pasword" };
        release.workloads.web.secretFiles = { "/etc/key": "other" };
      },
      problems: [
        /^workloads.web.secretEnv.DB_PASSWORD {2}needs one of the release's secrets: ledger-password; given "ledger-pasword"; next: write ledger-password/,
        /^workloads.web.secretFiles\["\/etc\/key"\] {2}needs .* next: add secrets.other/,
      ],
    },
    {
      title: "neither random nor given, or both",
      spoil: (release) => {
        release.secrets = { one: {}, two: { random: {}, given: true } };
      },
      problems: [/^secrets.one {2}needs either `random`/, /^secrets.two {2}needs either `random`/],
    },
    {
      title: "a given one that the stack has not",
      spoil: (release) => {
        release.secrets = { "smtp-key": { given: true } };
      },
      problems: [
        /^secrets.smtp-key {2}needs an entry smtp-key of sitewright:secrets; given none; next: set it: pulumi config set -s site-t --path --secret sitewright:secrets.smtp-key/,
      ],
    },
    {
      title: "a mapping to a secret that the stack has not, and one of no secret",
      spoil: (release, site) => {
        release.secrets = { "ledger-password": { random: {} } };
        site.secrets = { "ledger-password": "oldDbPassword", "leger-password": "sshPassword" };
      },
      problems: [
        /^secrets.leger-password {2}needs a secret of release 2026.11: ledger-password; .*write ledger-password/,
        /^secrets.ledger-password {2}needs an entry oldDbPassword of sitewright:secrets/,
      ],
    },
    {
      title: "nothing where a random one is replaced by one that is there",
      spoil: (release, site) => {
        release.secrets = { "ledger-password": { random: {} } };
        site.secrets = { "ledger-password": "sshPassword" };
      },
      problems: [],
    },
    {
      title: "one variable from two sides",
      spoil: (release, site) => {
        release.secrets = { key: { random: {} } };
        release.workloads.web.secretEnv = { A: "key", B: "key" };
        release.workloads.web.env = { A: "1" };
        site.workloads = { web: { env: { B: "2" } } };
      },
      problems: [
        /^workloads.web.secretEnv.A {2}needs a name that is not also in env/,
        /^workloads.web.env.B {2}needs a variable that the release does not fill from a secret; .*secrets.key of the site/,
      ],
    },
  ],
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
        workloads.web.volumes = {
          data: { mountPath: "/data", claim: { sizeGiB: 1, shared: true } },
        };
      },
      problems: [
        /^workloads.web.volumes.data.claim.storageClass {2}needs a class that Pods of several nodes mount at once: ceph-filesystem; given ceph-block for volume data of workload web; next: name it here, or at this site alone under workloads.web.storage.data/,
      ],
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

for (const [group, list] of Object.entries(cases)) {
  describe(`Cross-checks of ${group} find`, () => {
    for (const { title, spoil, problems } of list) {
      it(title, () => {
        const release = smallRelease();
        const site = { ...smallSite(), workloads: {} };
        spoil(release, site);
        const found = releaseProblems(release, site);
        for (const problem of problems) {
          assert.ok(
            found.some((line) => problem.test(line.replace(/^release {2}/, ""))),
            `${problem}\n${found.join("\n")}`,
          );
        }
        assert.equal(found.length, problems.length, found.join("\n"));
      });
    }
  });
}
