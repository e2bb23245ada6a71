import { type Case, describeCases } from "../support/cross-check-cases";
import type { smallSite } from "../support/sites";

type AnySite = ReturnType<typeof smallSite>;

/** A site with one workspace and one namespace, spoilt by what is given. */
const tenancy = (site: AnySite, more: object = {}, namespace: object = {}) => {
  site.tenancy = { workspaces: { sorting: { namespaces: { web: namespace } } }, ...more };
};

const web = "tenancy.workspaces.sorting.namespaces.web";
const parcels = "tenancy.product.namespaces.parcels";

const names: readonly Case[] = [
  {
    title: "a workspace that is the product's",
    spoil: (site) => tenancy(site, { workspaces: { parcels: { namespaces: { web: {} } } } }),
    problems: ["tenancy.workspaces.parcels: another name: parcels is the product's own workspace"],
  },
  {
    title: "a hyphen in a workspace or a namespace, which could be read in two ways",
    spoil: (site) =>
      tenancy(site, {
        workspaces: { "a-b": { namespaces: {} }, sorting: { namespaces: { "kube-system": {} } } },
      }),
    problems: [
      "tenancy.workspaces.a-b: as its key a name of at most 20 lower-case letters and digits",
      "tenancy.workspaces.sorting.namespaces.kube-system: as its key a name of at most 20",
    ],
  },
  {
    title: "settings of a namespace that the release does not have",
    spoil: (site) => tenancy(site, { product: { namespaces: { parcel: {} } } }),
    problems: ["tenancy.product.namespaces.parcel: a namespace of release 2026.11: parcels"],
  },
  {
    title: "a role that there is not",
    spoil: (site) =>
      tenancy(site, { product: { roles: { developers: { users: ["shift-lead"] } } } }),
    problems: ["tenancy.product.roles.developers: a known key"],
  },
  {
    title: "Kubernetes' own users and groups, and names with spaces",
    spoil: (site) =>
      tenancy(site, {
        operators: { users: ["system:admin"], groups: ["system:masters", "a b", ""] },
      }),
    problems: [
      "tenancy.operators.users[0]: the name of a user",
      "tenancy.operators.groups[0]: the name of a group",
      "tenancy.operators.groups[1]: the name of a group",
      "tenancy.operators.groups[2]: the name of a group",
    ],
  },
  {
    title: "a namespace in a mesh that is not there",
    spoil: (site) => tenancy(site, {}, { mesh: true }),
    problems: [`${web}.mesh: a mesh: this site has none`],
  },
  {
    title: "a weaker level without a reason",
    spoil: (site) => tenancy(site, {}, { baselineBecause: "" }),
    problems: [`${web}.baselineBecause: a reason of 8 to 200 letters`],
  },
];

const exceptions: readonly Case[] = [
  {
    title: "exceptions with no other end, or with two",
    spoil: (site) =>
      tenancy(
        site,
        {},
        { allow: [{}, { from: { cidr: "192.0.2.0/24" }, to: { cidr: "192.0.2.0/24" } }] },
      ),
    problems: [`${web}.allow[0]: either from or to`, `${web}.allow[1]: either from or to`],
  },
  {
    title: "ends that are nothing, or two things",
    spoil: (site) =>
      tenancy(
        site,
        {},
        {
          allow: [{ to: {} }, { from: { namespace: "parcels", cidr: "192.0.2.0/24" } }],
        },
      ),
    problems: [
      `${web}.allow[0].to: either namespace or cidr`,
      `${web}.allow[1].from: either namespace or cidr`,
    ],
  },
  {
    title: "a namespace of the platform, one that is not there, and its own",
    spoil: (site) =>
      tenancy(
        site,
        {},
        {
          allow: [
            { to: { namespace: "kube-system" } },
            { from: { namespace: "sorting/wbe" } },
            { from: { namespace: "sorting/web" } },
          ],
        },
      ),
    problems: [
      `${web}.allow[0].to.namespace: a namespace of a workspace or of the release, not of the platform`,
      `${web}.allow[1].from.namespace: a namespace of a workspace or of the release`,
      `${web}.allow[2].from.namespace: another namespace`,
    ],
  },
];

const bounds: readonly Case[] = [
  {
    title: "defaults of containers that contradict each other",
    spoil: (site) =>
      tenancy(
        site,
        {},
        {
          containers: { requests: { cpu: "1" }, limits: { cpu: "500m", memory: "9Gi" } },
        },
      ),
    problems: [
      `${web}.containers.requests.cpu: cores that is at most containers.limits, 500m`,
      `${web}.containers.limits.memory: memory that is at most containers.most, 8Gi`,
    ],
  },
  {
    title: "defaults of containers above the whole quota",
    spoil: (site) =>
      tenancy(
        site,
        {},
        {
          quota: { requests: { memory: "32Mi" }, limits: { cpu: "250m" } },
        },
      ),
    problems: [
      `${web}.containers.requests.memory: memory within quota.requests, 32Mi`,
      `${web}.containers.limits.cpu: cores within quota.limits, 250m`,
    ],
  },
  {
    title: "a quota without room for the release's Pods while they are replaced",
    spoil: (site) =>
      tenancy(site, {
        product: {
          namespaces: {
            parcels: { quota: { requests: { cpu: "1499m" }, limits: { cpu: "10" }, pods: 7 } },
          },
        },
      }),
    problems: [
      `${parcels}.quota.requests.cpu: at least 1500m`,
      `${parcels}.quota.limits.cpu: at least 10200m`,
      `${parcels}.quota.pods: at least 8`,
    ],
  },
  {
    title: "a bound on containers that a workload of the release is above, by default too",
    spoil: (site) => {
      tenancy(site);
      site.workloads.api = {
        resources: {
          requests: { cpu: "100m", memory: "128Mi" },
          limits: { cpu: "5", memory: "128Mi" },
        },
      };
    },
    problems: [`${parcels}.containers.most.cpu: at least the limit of api, 5`],
  },
  {
    title: "quotas that hold no proxies of the mesh",
    spoil: (site) => {
      site.mesh = {
        proxy: {
          requests: { cpu: "100m", memory: "128Mi" },
          limits: { cpu: "100m", memory: "128Mi" },
        },
      };
      tenancy(site, {
        product: {
          namespaces: { parcels: { quota: { requests: { cpu: "1500m" }, limits: { cpu: "11" } } } },
        },
      });
    },
    problems: [`${parcels}.quota.requests.cpu: at least 2300m`],
  },
];

const kubesphere: readonly Case[] = [
  {
    title: "a licence that nobody accepted",
    spoil: (site) => tenancy(site, { kubesphere: {} }),
    problems: [
      "tenancy.kubesphere.acceptLicence: true: the licence of KubeSphere 4 is Apache-2.0 with restrictions",
    ],
  },
  {
    title: "a console on a port that the gateway has",
    spoil: (site) =>
      tenancy(site, { kubesphere: { acceptLicence: true, consoleNodePort: 30_443 } }),
    problems: ["tenancy.kubesphere.consoleNodePort: a node port that is free"],
  },
  {
    title: "a password that the stack does not hold",
    spoil: (site) =>
      tenancy(site, {
        kubesphere: { acceptLicence: true, adminPasswordSecret: "consolePassword" },
      }),
    problems: ["tenancy.kubesphere.adminPasswordSecret: an entry of sitewright:secrets"],
  },
];

describeCases("tenants' names", names);
describeCases("exceptions between namespaces", exceptions);
describeCases("quotas and bounds", bounds);
describeCases("KubeSphere", kubesphere);
