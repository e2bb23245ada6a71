import { image, resources } from "../support/releases";
import { type Cases, describeCases } from "./support/cases";

const because = "the reason is part of the test";

const cases: Cases = {
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
};

describeCases(cases);
