import assert from "node:assert/strict";
import { describeCases } from "../support/cross-check-cases";
import { problemsWith, roomySite } from "../support/platform-site";

describeCases("the ingress", [
  {
    title: "names without a domain to stand below",
    spoil: (site) => {
      site.ingress = {};
    },
    problems: ["ingress.domain: a domain, since workloads get their names below it"],
  },
  {
    title: "a domain and addresses in names at once",
    spoil: (site) => {
      site.ingress = { domain: "apps.site-t.example", nipIo: true };
    },
    problems: ["ingress.nipIo: either a domain or nipIo"],
  },
  {
    title: "a domain that is written as a wildcard",
    spoil: (site) => {
      site.ingress = { domain: "*.apps.site-t.example" };
    },
    problems: ['ingress.domain: a domain in lower case without "*.", such as apps.site-a.example'],
  },
  {
    title: "nobody who serves",
    spoil: (site) => {
      site.ingress = { domain: "apps.site-t.example", standby: false };
    },
    problems: ["ingress.standby: somebody who serves: the standby, or a mesh with its gateway"],
  },
  {
    title: "a gateway without a mesh",
    spoil: (site) => {
      site.ingress = { domain: "apps.site-t.example", active: "gateway" };
      site.workloads.web.expose = { http: { via: "gateway" } };
    },
    problems: [
      "ingress.active: a site with a mesh",
      "workloads.web.expose.http.via: a site with a mesh",
    ],
  },
  {
    title: "differences in what no ingress serves",
    spoil: (site) => {
      site.workloads.web.expose = { http: { hosts: ["web"] } };
    },
    problems: ["workloads.web.expose.http: a site with an ingress"],
  },
  {
    title: "a port that the release does not expose",
    spoil: (site) => {
      site.ingress = { domain: "apps.site-t.example" };
      site.workloads.web.expose = { htp: { hosts: ["web"] } };
    },
    problems: ["workloads.web.expose.htp: a port that the release exposes: http"],
  },
  {
    title: "a host name that another workload has",
    spoil: (site) => {
      site.ingress = { domain: "apps.site-t.example" };
      site.workloads.web.expose = { http: { hosts: ["www", "api.apps.site-t.example"] } };
    },
    problems: ["workloads.web.expose.http.hosts[1]: a host name and path that nothing else has"],
  },
  {
    title: "a redirect that the gateway cannot make",
    spoil: (site) => {
      for (const host of site.hosts) Object.assign(host, { cpus: 16, memoryGiB: 64 });
      site.certificates = {};
      site.mesh = {};
      site.ingress = { domain: "apps.site-t.example" };
    },
    problems: ["ingress.httpsRedirect: no redirect: clients reach HTTPS on another port than 443"],
  },
]);

describe("Cross-checks of what a release exposes find", () => {
  const site = roomySite();
  site.ingress = { domain: "apps.site-t.example" };
  const cases: readonly {
    readonly title: string;
    readonly change: Parameters<typeof problemsWith>[1];
    readonly problem: string;
  }[] = [
    {
      title: "a port that the workload does not have",
      change: ({ workloads }) => {
        workloads.api.expose[0].port = "http2";
      },
      problem: "release workloads.api.expose[0].port: a port of the workload: http",
    },
    {
      title: "a port that is exposed twice",
      change: ({ workloads }) => {
        workloads.api.expose.push({ port: "http", hosts: ["other"], path: "/" });
      },
      problem: "release workloads.api.expose[1].port: a port that is exposed once",
    },
    {
      title: "a gateway at a site without a mesh",
      change: ({ workloads }) => {
        workloads.api.expose[0].via = "gateway";
      },
      problem: "release workloads.api.expose[0].via: a site with a mesh: it has the gateway",
    },
    {
      title: "a path that lies within another's on one host",
      change: ({ workloads }) => {
        workloads.web.expose = [{ port: "http", hosts: ["api"], path: "/pages" }];
      },
      problem: "release workloads.api.expose[0]: a host name and path that nothing else has",
    },
  ];
  for (const { title, change, problem } of cases) {
    it(title, () => assert.deepEqual(problemsWith(site, change), [problem]));
  }

  it("nothing in paths of which neither begins the other", () => {
    const apart: Parameters<typeof problemsWith>[1] = ({ workloads }) => {
      workloads.api.expose[0].path = "/calls";
      workloads.web.expose = [{ port: "http", hosts: ["api"], path: "/pages" }];
    };
    assert.deepEqual(problemsWith(site, apart), []);
  });
});
