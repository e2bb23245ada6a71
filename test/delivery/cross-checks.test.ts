import assert from "node:assert/strict";
import { problemsWith } from "../support/platform-site";
import { problemsOf } from "../support/sites";
import { type AnySite, deliveredSite, secretNames, withProduct } from "./site";

interface Case {
  readonly title: string;
  readonly spoil: (site: AnySite) => void;
  /** Path, then the beginning of what is needed there, of every problem expected. */
  readonly problems: readonly string[];
}

const sorting = (site: AnySite) => site.tenancy.workspaces.sorting.delivery;
const own = "tenancy.workspaces.sorting.delivery";
const server = 'delivery.servers["git.site-t.example"]';

const cases: readonly Case[] = [
  { title: "nothing in a sound site", spoil: () => {}, problems: [] },
  {
    title: "nothing in a site with Argo CD that nobody uses yet",
    spoil: (site) => {
      site.delivery = {};
      delete site.tenancy;
    },
    problems: [],
  },
  {
    title: "a workspace that deploys from a repository at a site without Argo CD",
    spoil: (site) => {
      delete site.delivery;
    },
    problems: [`${own}.mode: Argo CD at this site`],
  },
  {
    title: "a workspace without namespaces",
    spoil: (site) => {
      site.tenancy.workspaces.sorting.namespaces = {};
    },
    problems: ["tenancy.workspaces.sorting.namespaces: at least one namespace"],
  },
  {
    title: "a configuration repository that is the code's, however it is written",
    spoil: (site) => {
      sorting(site).codeRepository = "git@GIT.site-t.example:sorting/configuration";
    },
    problems: [`${own}.repository: a repository of its own`],
  },
  {
    title: "secrets that the stack does not hold",
    spoil: (site) => {
      sorting(site).accessSecret = "readTokken";
      sorting(site).runner.tokenSecret = "runnerTokken";
    },
    problems: [
      `${own}.accessSecret: an entry of sitewright:secrets`,
      `${own}.runner.tokenSecret: an entry of sitewright:secrets`,
    ],
  },
  {
    title: "a repository over plain http",
    spoil: (site) => {
      sorting(site).repository = "http://git.site-t.example/sorting/configuration";
    },
    problems: [`${own}.repository: https or ssh`],
  },
  {
    title: "a Git server that nobody vouches for",
    spoil: (site) => {
      delete site.delivery.servers["git.site-t.example"].ca;
    },
    problems: [`${server}.ca: either the authority of its certificate`],
  },
  {
    title: "a Git server with an authority that everybody knows already",
    spoil: (site) => {
      site.delivery.servers["git.site-t.example"].publicCertificate = true;
    },
    problems: [`${server}.ca: either the authority of its certificate`],
  },
  {
    title: "a Git server that is not stated",
    spoil: (site) => {
      sorting(site).repository = "https://git2.site-t.example/sorting/configuration";
    },
    problems: [`${own}.repository: a server that delivery.servers names`],
  },
  {
    title: "ssh without host keys and without a key of our own",
    spoil: (site) => {
      sorting(site).repository = "git@git.site-t.example:sorting/configuration.git";
      delete sorting(site).accessSecret;
    },
    problems: [
      `${own}.accessSecret: the secret with a private key`,
      `${server}.hostKeys: its host keys`,
    ],
  },
  {
    title: "two owners of one folder",
    spoil: (site) => {
      site.tenancy.workspaces.billing = {
        delivery: { ...sorting(site), path: "site-t/web", runner: undefined },
        namespaces: { ledger: {} },
      };
    },
    problems: ["tenancy.workspaces.billing.delivery.path: a folder of its own"],
  },
  {
    title: "nothing where two share a repository and not a folder",
    spoil: (site) => {
      site.tenancy.workspaces.billing = {
        delivery: { ...sorting(site), path: "site-tt", runner: undefined },
        namespaces: { ledger: {} },
      };
    },
    problems: [],
  },
  {
    title: "a runner without a GitLab",
    spoil: (site) => {
      delete site.delivery.gitlab;
    },
    problems: [`${own}.runner: a GitLab to take jobs from`],
  },
  {
    title: "a GitLab over plain http, or one that is not stated",
    spoil: (site) => {
      site.delivery.gitlab.url = "https://gitlab.site-t.example";
    },
    problems: ["delivery.gitlab.url: a server that delivery.servers names"],
  },
  {
    title: "a GitLab that runners cannot reach",
    spoil: (site) => {
      delete site.delivery.servers["git.site-t.example"].networks;
    },
    problems: [`${server}.networks: the networks that it answers in`],
  },
  {
    title: "a namespace of the team's that the runner has",
    spoil: (site) => {
      site.tenancy.workspaces.sorting.namespaces.runner = {};
    },
    problems: ["tenancy.workspaces.sorting.namespaces.runner: a namespace of its own"],
  },
  {
    title: "pages without a certificate",
    spoil: (site) => {
      delete site.certificates;
    },
    problems: ["delivery: certificates at a site with an ingress"],
  },
  {
    title: "pages under a workload's name, or served by nobody",
    spoil: (site) => {
      site.delivery.host = "web";
      site.delivery.via = "gateway";
    },
    problems: ["delivery.host: a name that nothing else has", "delivery.via: a site with a mesh"],
  },
  {
    title: "a namespace of the product's that the release does not have",
    spoil: (site) => {
      withProduct(site);
      site.delivery.product.namespaces = { parcel: { mode: "gitops" } };
    },
    problems: ["delivery.product.namespaces.parcel: a namespace of release"],
  },
];

describe("Cross-checks of delivery find", () => {
  for (const { title, spoil, problems } of cases) {
    it(title, () => {
      const found = problemsOf(deliveredSite(spoil), secretNames);
      const wanted = problems.map((one) => `sitewright:site.${one}`);
      assert.deepEqual(
        found.map((text, at) => text.slice(0, wanted[at]?.length)).sort(),
        [...wanted].sort(),
        found.join("\n"),
      );
    });
  }
});

describe("Cross-checks of a release's delivery find", () => {
  const only = (found: readonly string[]) => found.filter((one) => /delivery|after/.test(one));
  const site = (change: (site: AnySite) => void = () => {}) => {
    const made = deliveredSite(change);
    // Secrets are not looked at here: the helper reads the site without any.
    delete made.tenancy;
    return made;
  };

  it("a namespace that is handed over without a repository at the site", () => {
    const handedOver = (release: AnySite) => {
      release.namespaces.parcels.delivery = { mode: "gitops" };
    };
    const [needed] = only(problemsWith(site(), handedOver));
    assert.match(
      needed ?? "",
      /^release namespaces\.parcels\.delivery\.mode: Argo CD at this site/,
    );
    const with_ = site((one) => withProduct(one, undefined, { accessSecret: undefined }));
    assert.deepEqual(only(problemsWith(with_, handedOver)), []);
  });

  it("a workload that waits for one of another owner", () => {
    const made = site((one) => withProduct(one, "gitops", { accessSecret: undefined }));
    const found = problemsWith(made, (release) => {
      release.namespaces.late = structuredClone(release.namespaces.parcels);
      release.workloads.worker.namespace = "late";
      release.workloads.worker.after = ["api"];
      release.workloads.web.after = ["api"];
    });
    assert.deepEqual(
      only(found).map((one) => one.slice(0, 66)),
      ["release workloads.worker.after[0]: a workload with the same owner:"],
    );
  });

  it("nothing in a server whose certificate everybody knows", () => {
    const made = site((one) => {
      one.delivery.servers = { "git.site-t.example": { publicCertificate: true } };
      delete one.delivery.gitlab;
      withProduct(one, "gitops", { accessSecret: undefined });
    });
    assert.deepEqual(only(problemsWith(made)), []);
  });
});
