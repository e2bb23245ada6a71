import assert from "node:assert/strict";
import { type Anything, canaryImage, plainRelease, plainSite, problemsOf } from "./meshed";

interface Case {
  readonly title: string;
  /** Spoils what is sound: the site, the release's `api`, and the release. */
  readonly spoil: (site: Anything, api: Anything, release: Anything) => void;
  /** The beginnings of all problems expected. */
  readonly problems: readonly string[];
}

function describeProblems(group: string, cases: readonly Case[]): void {
  describe(`Cross-checks of ${group} find`, () => {
    for (const { title, spoil, problems } of cases) {
      it(title, () => {
        const [site, release] = [plainSite(), plainRelease()];
        spoil(site, release.workloads.api, release);
        const found = problemsOf(site, release);
        assert.deepEqual(
          found.map((text, at) => text.slice(0, problems[at]?.length)),
          problems,
          found.join("\n"),
        );
      });
    }
  });
}

const lua = { code: "function envoy_on_request(handle) end" };

describeProblems("traffic", [
  { title: "nothing in what is sound", spoil: () => {}, problems: [] },
  {
    title: "two answers to which Pod is asked",
    spoil: (_, api) => {
      api.traffic = { balance: "random", hash: { header: "x-user" } };
    },
    problems: ["release workloads.api.traffic.balance: either balance or hash"],
  },
  {
    title: "nothing in a site that answers otherwise than the release",
    spoil: (site, api) => {
      api.traffic = { class: "business", hash: { header: "x-user" } };
      site.workloads.api = { traffic: { balance: "random" } };
    },
    problems: [],
  },
  {
    title: "a business service whose callers could keep no Pod",
    spoil: (_, api) => {
      api.traffic = { class: "business" };
    },
    problems: ["release workloads.api.traffic.class: a hash, by which callers keep their Pod"],
  },
  {
    title: "a base service whose callers would keep their Pod",
    spoil: (site, api) => {
      api.traffic = { class: "base" };
      site.workloads.api = { traffic: { hash: { source: true } } };
    },
    problems: ["site workloads.api.traffic.hash: no hash: any Pod of class base answers"],
  },
  {
    title: "faults that are delivered",
    spoil: (_, api) => {
      api.traffic = { fault: { abort: { status: 500, percent: 1 } } };
    },
    problems: ["release workloads.api.traffic.fault: no faults on purpose in a release"],
  },
  {
    title: "nothing in faults that a site wants",
    spoil: (site, api) => {
      const fault = { delay: { seconds: 1, percent: 1 } };
      api.traffic = { fault };
      site.workloads.api = { traffic: { fault } };
    },
    problems: [],
  },
  {
    title: "copies for nobody, for itself, and for whoever takes none",
    spoil: (site, api, { workloads }) => {
      api.traffic = { mirror: { to: "wbe" } };
      workloads.web.traffic = { mirror: { to: "web" } };
      workloads.more = { ...workloads.web, traffic: { mirror: { to: "api" } } };
      workloads.more.ports = [{ name: "http-more", port: 8080 }];
      site.workloads.web = { traffic: { mirror: { to: "web" } } };
    },
    problems: [
      "release workloads.api.traffic.mirror.to: another workload of the release: web, more",
      "site workloads.web.traffic.mirror.to: another workload of the release: api, more",
      "release workloads.more.traffic.mirror.to: a workload with a port of the same name: http-more",
    ],
  },
  {
    title: "a request that ends before its attempts do, with the arithmetic",
    spoil: (_, api) => {
      api.traffic = { timeoutSeconds: 7.9 };
    },
    problems: [
      "release workloads.api.traffic.timeoutSeconds: at least 8: 4 attempts (the first and 3 more) of 2 s each",
    ],
  },
  {
    title: "the same where the site's attempts are what is too much",
    spoil: (site, api) => {
      api.traffic = { timeoutSeconds: 8 };
      site.workloads.api = { traffic: { retries: { attempts: 4 } } };
    },
    problems: ["site workloads.api.traffic.retries: at least 10: 5 attempts"],
  },
  {
    title: "nothing in requests that end when their attempts do, or have just one",
    spoil: (site, api) => {
      api.traffic = { timeoutSeconds: 0.3, retries: { attempts: 2, perTrySeconds: 0.1 } };
      site.workloads.web = { traffic: { timeoutSeconds: 1, retries: "off" } };
    },
    problems: [],
  },
  {
    title: "a bucket that is smaller than what is poured in",
    spoil: (_, api) => {
      api.traffic = { rateLimit: { requests: 10, perSeconds: 1, burst: 9 } };
    },
    problems: ["release workloads.api.traffic.rateLimit.burst: at least requests, 10"],
  },
  {
    title: "requests where proxies see connections alone",
    spoil: (site, api) => {
      api.ports = [{ name: "tcp-queue", port: 5672 }];
      api.expose = [];
      api.traffic = {
        hash: { header: "x-user" },
        timeoutSeconds: 60,
        rateLimit: { requests: 1, perSeconds: 1 },
        lua,
      };
      site.workloads.api = { traffic: { retries: { attempts: 1 } } };
    },
    problems: ["hash", "retries", "timeoutSeconds", "rateLimit", "lua"].map(
      (key) =>
        `${key === "retries" ? "site" : "release"} workloads.api.traffic.${key}: a port on which proxies see requests`,
    ),
  },
  {
    title: "nothing in connections that are spread and bounded",
    spoil: (_, api) => {
      api.ports = [{ name: "tcp-queue", port: 5672 }];
      api.expose = [];
      api.traffic = { hash: { source: true }, retries: "off", pool: {} };
    },
    problems: [],
  },
  {
    title: "a workload that nobody calls",
    spoil: (_, api) => {
      Object.assign(api, { ports: [], expose: [], traffic: {} });
    },
    problems: ["release workloads.api.traffic: a workload with ports"],
  },
  {
    title: "what nobody may miss at a site without a mesh",
    spoil: (site, api) => {
      delete site.mesh;
      api.traffic = { lua, rateLimit: { requests: 1, perSeconds: 1 }, timeoutSeconds: 60 };
    },
    problems: [
      "release workloads.api.traffic.rateLimit: Pods with the mesh's proxies beside them",
      "release workloads.api.traffic.lua: Pods with the mesh's proxies beside them",
    ],
  },
  {
    title: "the same where proxies know no requests",
    spoil: (site, api) => {
      site.mesh.mode = "ambient";
      api.traffic = { lua };
    },
    problems: ["release workloads.api.traffic.lua: Pods with the mesh's proxies beside them"],
  },
  {
    title: "what a site states where no proxy keeps it",
    spoil: (site, api) => {
      api.traffic = {};
      site.workloads.api = { mesh: false, traffic: { balance: "random" } };
      site.workloads.web = { traffic: { mirror: { to: "api" } }, mesh: false };
    },
    problems: [
      "site workloads.api.traffic: Pods with the mesh's proxies beside them",
      "site workloads.web.traffic.mirror: Pods with the mesh's proxies beside them",
    ],
  },
  {
    title: "nothing in a release whose filters a site without a mesh has turned off",
    spoil: (site, api) => {
      delete site.mesh;
      api.traffic = { lua, class: "business", hash: { header: "x-user" } };
      site.workloads.api = { traffic: { lua: "off" } };
    },
    problems: [],
  },
]);

const canary = { image: canaryImage };

describeProblems("canaries", [
  {
    title: "nothing in one that a site has turned on",
    spoil: (site, api) => {
      api.canary = { ...canary, headers: { "x-canary": "true" } };
      site.workloads.api = { canary: { weight: 10 } };
    },
    problems: [],
  },
  {
    title: "one that the release does not know",
    spoil: (site) => {
      site.workloads.api = { canary: { weight: 10 } };
    },
    problems: ["site workloads.api.canary: a workload whose release states a canary"],
  },
  {
    title: "one of Pods that have names and volumes of their own",
    spoil: (_, api) => {
      Object.assign(api, { kind: "StatefulSet", canary });
    },
    problems: ["release workloads.api.canary: a Deployment"],
  },
  {
    title: "one that nobody calls",
    spoil: (_, api) => {
      Object.assign(api, { ports: [], expose: [], canary });
    },
    problems: ["release workloads.api.canary: a workload with ports"],
  },
  {
    title: "one that would need a disk which the workload's Pods have",
    spoil: (site, api) => {
      site.storage = { kind: "nfs", nfs: { server: "192.0.2.60", path: "/export" } };
      api.replicas = 1;
      api.volumes = { data: { mountPath: "/data", claim: { sizeGiB: 1 } } };
      api.canary = canary;
    },
    problems: ["release workloads.api.canary: no volume data that one node mounts"],
  },
  {
    title: "one that is what it is compared with",
    spoil: (_, api) => {
      api.canary = { image: api.image };
    },
    problems: ["release workloads.api.canary.image: an image other than the workload's"],
  },
  {
    title: "one whose image is another's in the site's registry",
    spoil: (_, api) => {
      api.canary = { image: api.image.replaceAll("0".repeat(64), "9".repeat(64)) };
    },
    problems: ["release workloads.api.canary.image: a name and tag of its own"],
  },
  {
    title: "one whose name a workload has",
    spoil: (_, api, { workloads }) => {
      workloads["api-canary"] = { ...workloads.web };
      api.canary = canary;
    },
    problems: ["release workloads.api.canary: no workload api-canary"],
  },
  {
    title: "headers that no proxy sees",
    spoil: (_, api) => {
      api.ports = [{ name: "tcp-queue", port: 5672 }];
      api.expose = [];
      api.canary = { ...canary, headers: { "x-canary": "true" } };
    },
    problems: ["release workloads.api.canary.headers: a port on which proxies see headers"],
  },
  {
    title: "one that is on where nobody shares requests out",
    spoil: (site, api, { workloads }) => {
      delete site.mesh;
      api.canary = { ...canary, weight: 10 };
      workloads.web.canary = canary;
      site.workloads.web = { canary: { weight: 0 } };
    },
    problems: [
      "release workloads.api.canary.weight: proxies that share requests out",
      "site workloads.web.canary.weight: proxies that share requests out",
    ],
  },
  {
    title: "the same in a mesh whose proxies know no requests",
    spoil: (site, api) => {
      site.mesh.mode = "ambient";
      api.canary = { ...canary, weight: 10 };
    },
    problems: ["release workloads.api.canary.weight: proxies that share requests out"],
  },
  {
    title: "nothing in one that is promoted or aborted without a mesh",
    spoil: (site, api, { workloads }) => {
      delete site.mesh;
      api.canary = { ...canary, weight: 10 };
      workloads.web.canary = { ...canary, weight: "promote" };
      site.workloads.api = { canary: { weight: "abort" } };
    },
    problems: [],
  },
  {
    title: "one that the standby would ask whatever its weight",
    spoil: (site, api) => {
      api.canary = canary;
      site.workloads.api = { canary: { weight: 10 }, expose: { http: { via: "standby" } } };
    },
    problems: ["site workloads.api.canary.weight: the gateway to serve it"],
  },
  {
    title: "one for whose Pods there are no hosts",
    spoil: (site, api) => {
      Object.assign(api, { antiAffinity: "required", canary });
      site.workloads.api = { canary: { weight: 10 } };
    },
    problems: [
      "site workloads.api.canary.weight: a host for each Pod, the canary's included: 2 and 1",
    ],
  },
  {
    title: "one for whose Pods there is no room",
    spoil: (site, api) => {
      const amounts = { cpu: "5", memory: "1Gi" };
      api.resources = { requests: amounts, limits: amounts };
      api.canary = canary;
      site.workloads.api = { canary: { weight: 100 } };
    },
    problems: ["site capacity: room for workloads"],
  },
]);
