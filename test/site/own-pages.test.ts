import assert from "node:assert/strict";
import { roomySite } from "../support/platform-site";
import { problemsOf, resolve, secretNames } from "../support/sites";

const domain = "apps.site-t.example";

/** A site all of whose parts show pages. */
function sound() {
  const site = roomySite();
  Object.assign(site, { certificates: {}, ingress: { domain }, storage: { kind: "local" } });
  site.storage.local = { dataStaysOnItsNode: true };
  Object.assign(site, { delivery: {}, tracing: { host: "traces" } });
  Object.assign(site, { monitoring: { sizeGiB: 30, withoutLogin: ["prometheus"] } });
  site.logging = { inSite: { sizeGiB: 5 } };
  site.nightingale = { database: { kind: "own", sizeGiB: 5 } };
  return site;
}

const pageProblems = (site: ReturnType<typeof sound>) =>
  problemsOf(site).filter((text) => /host|via|withoutLogin|certificates/.test(text));

const ownNames = (key: string, full: string, owner: string) =>
  `sitewright:site.${key}: a name that nothing else has: ${full}.${domain} is that of ${owner}`;

describe("Pages of the platform", () => {
  it("have names of their own unless the site says otherwise", () => {
    assert.deepEqual(pageProblems(sound()), []);
  });

  for (const [title, change, expected] of [
    [
      "two parts",
      (site) => (site.nightingale.host = "grafana"),
      [ownNames("nightingale.host", "grafana", "Grafana")],
    ],
    [
      "a part and another's default, one of them in full",
      (site) => (site.logging.inSite.host = `argocd.${domain}`),
      [ownNames("logging.inSite.host", "argocd", "Argo CD")],
    ],
    [
      "a part and a page without a login",
      (site) => (site.tracing.host = "prometheus"),
      [ownNames("tracing.host", "prometheus", "Prometheus")],
    ],
  ] satisfies [string, (site: ReturnType<typeof sound>) => void, string[]][]) {
    it(`are told when one name serves ${title}`, () => {
      const site = sound();
      change(site);
      assert.deepEqual(pageProblems(site), expected);
    });
  }

  it("are not served without certificates where a password goes over them", () => {
    const site = sound();
    delete site.certificates;
    site.logging.inSite.replicas = 1;
    const parts = pageProblems(site).map((text) => text.replace(/: certificates at a site.*/, ""));
    assert.deepEqual(
      parts.sort(),
      ["delivery", "logging.inSite", "monitoring", "nightingale"].map(
        (part) => `sitewright:site.${part}`,
      ),
    );
  });
});

describe("Secrets of a site", () => {
  it("are also those that Nightingale asks for", () => {
    const site = sound();
    const [root, database, redis] = ["nightingaleRoot", "nightingaleData", "nightingaleRedis"];
    site.nightingale = {
      rootPasswordSecret: root,
      database: {
        kind: "external",
        engine: "postgres",
        host: "db.site-t.example",
        user: "n9e",
        passwordSecret: database,
        tls: {},
      },
      redis: { kind: "external", host: "redis.site-t.example", passwordSecret: redis, tls: {} },
    };
    const names = [...secretNames, root, database, redis].filter((name) => name !== undefined);
    const { blueprint } = resolve(site, names);
    assert.deepEqual(
      blueprint.secretNames.filter((name) => name.startsWith("nightingale")),
      [database, redis, root].sort(),
    );
  });
});
