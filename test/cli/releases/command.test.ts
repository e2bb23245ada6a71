import assert from "node:assert/strict";

import { main } from "../../../cli/main";
import { list } from "../../../cli/releases";
import { type DiffOptions, diff } from "../../../cli/releases/diff-command";
import { RunError } from "../../../site/run-error";
import { ioFor } from "../../support/io";
import { makeProject, type Project } from "../../support/projects";

const image = (name: string, digit: string) =>
  `docker.io/library/${name}:1.${digit}@sha256:${digit.repeat(64)}`;
const resources = {
  requests: { cpu: "100m", memory: "64Mi" },
  limits: { cpu: "1", memory: "64Mi" },
};

const older = {
  release: "2030.01",
  product: "shop",
  namespaces: { shop: {} },
  secrets: { token: { random: {} } },
  workloads: {
    api: {
      kind: "Deployment",
      namespace: "shop",
      image: image("api", "1"),
      replicas: 2,
      resources,
    },
    old: { kind: "Job", namespace: "shop", image: image("old", "1"), resources },
    db: {
      kind: "StatefulSet",
      namespace: "shop",
      image: image("db", "1"),
      claims: [{ name: "data", mountPath: "/data", sizeGiB: 1 }],
      resources,
    },
  },
};

const newer = {
  release: "2030.02",
  base: "2030.01",
  secrets: { other: { random: {} } },
  workloads: {
    api: { image: image("api", "2"), replicas: 3, env: { LEVEL: "info" } },
    db: { image: image("db", "2") },
    old: null,
    migrate: {
      kind: "Job",
      namespace: "shop",
      migratesData: true,
      image: image("db", "2"),
      resources,
    },
  },
};

const site = `config:
  sitewright:site:
    release: "2030.01"
    access: { user: root, passwordSecret: sshPassword }
    hosts:
      - { name: c, address: 192.0.2.1, roles: [control-plane, etcd], cpus: 4, memoryGiB: 8, diskGiB: 99 }
      - { name: w, address: 192.0.2.2, roles: [worker], cpus: 4, memoryGiB: 8, diskGiB: 99 }
      - { name: r, address: 192.0.2.3, roles: [registry], cpus: 4, memoryGiB: 8, diskGiB: 99 }
    cluster: { kubernetes: v1.33.4, kubekey: v3.1.12 }
    storage: { kind: local }
    workloads: { api: { replicas: 1 } }
    capacity: { spareNodes: 0 }
  sitewright:secrets:
    sshPassword: { secure: "v1:x" }
`;

describe("releases", () => {
  let project: Project;
  before(() => {
    project = makeProject();
    project.write("releases/2030.01.yaml", JSON.stringify(older));
    project.write("releases/2030.02.yaml", JSON.stringify(newer));
    project.write("Pulumi.site-t.yaml", site);
  });
  after(() => project.remove());

  const shown = (from: string, to: string, options: Partial<DiffOptions> = {}) => {
    const { io, text } = ioFor(project.root);
    assert.equal(diff(from, to, { objects: false, json: false, ...options }, io), 0);
    return text();
  };

  it("lists them oldest first, with base, workloads and the sites that name them", () => {
    const { io, text } = ioFor(project.root);
    assert.equal(list({ json: false }, io), 0);
    const rows = text()
      .split("\n")
      .map((line) => line.split(/ {2,}/).join("|"));
    assert.equal(rows[0], "release|base|workloads|named by");
    assert.ok(rows.includes("2030.01|3|site-t"), text());
    assert.ok(rows.includes("2030.02|2030.01|3"), text());
  });

  it("lists one with problems too, and says so", () => {
    project.write("releases/2031.01.yaml", 'release: "2031.01"\nworklods: {}\n');
    const { io, text } = ioFor(project.root);
    list({ json: false }, io);
    project.write("releases/2031.01.yaml", JSON.stringify({ ...older, release: "2031.01" }));
    assert.match(text(), /2031\.01 +\? +3 problems\n/);
  });

  it("compares two by what they change, short and aligned", () => {
    assert.equal(
      shown("2030.01", "2030.02"),
      `2030.01 → 2030.02

Workloads
  +  migrate             Job  docker.io/library/db:1.2 (222222222222)
  -  old                 Job  docker.io/library/old:1.1 (111111111111)
  ~  api      image      1.1 (111111111111) → 1.2 (222222222222)
              env.LEVEL  none → info
              replicas   2 → 3
  ~  db       image      1.1 (111111111111) → 1.2 (222222222222)

Secrets
  +  other    {"random":{"length":32}}

Images: 2 new, in the bundle of 2030.02
  + docker.io/library/api:1.2 (222222222222)
  + docker.io/library/db:1.2 (222222222222)
  - docker.io/library/api:1.1 (111111111111)
  - docker.io/library/db:1.1 (111111111111)
  - docker.io/library/old:1.1 (111111111111)
`,
    );
  });

  it("finds no difference in one that only writes defaults out", () => {
    const spelled = structuredClone(older) as Record<string, unknown>;
    project.write(
      "releases/2030.03.yaml",
      JSON.stringify({
        release: "2030.03",
        base: "2030.01",
        workloads: { api: { antiAffinity: "preferred", env: {} } },
        product: spelled.product,
      }),
    );
    assert.match(shown("2030.01", "2030.03"), /nothing differs but the name\n\nimages: the same/);
  });

  it("applies a site's differences, and says what going back would leave", () => {
    const text = shown("2030.01", "2030.02", { site: "site-t" });
    assert.match(text, /^2030\.01 → 2030\.02 at site-t\n/);
    assert.doesNotMatch(text, /replicas/, "the site has a number of its own");
    assert.match(text, /\n {2}\+ {2}shop\/migrate/);
    assert.match(text, /\nobjects of workloads: \d+ to create, \d+ to update, \d+ to delete\n/);
    assert.match(
      text,
      /\nGoing back to 2030\.01 will not undo\n {2}shop\/db +its volumes stay as 2030\.02 left them\n {2}shop\/migrate +what it migrated stays migrated\n {2}secrets token +keep the values that were made at random\n {2}secrets other +are forgotten; 2030\.02 would get other values\n$/,
    );
  });

  it("leaves out what a site says of things that one of the two does not have, and names it", () => {
    const states = "workloads: { api: { replicas: 1 }, old: { env: { A: b } } }";
    project.write("Pulumi.site-t.yaml", site.replace(/workloads: .*/, states));
    const text = shown("2030.01", "2030.02", { site: "site-t" });
    project.write("Pulumi.site-t.yaml", site);
    assert.match(
      text,
      /\nLeft out of site-t's file, for a release that does not have it\n {2}2030\.02 {2}workloads\.old\n$/,
    );
  });

  it("shows every object field by field when asked to", () => {
    const text = shown("2030.02", "2030.01", { site: "site-t", objects: true });
    assert.match(text, /\n {2}- {2}Job shop\/migrate\n/);
    assert.match(text, /\n {2}\+ {2}Job shop\/old\n/);
    assert.match(text, /\n {2}~ {2}StatefulSet shop\/db\n/);
    assert.match(text, /spec\.template\.spec\.containers\[db\]\.image +1\.2 \(2+\) → 1\.1 \(1+\)/);
    assert.match(text, /\n {2}- {2}ConfigMap shop\/api-config\n/);
  });

  it("prints the same as data", () => {
    const { sections, images } = JSON.parse(shown("2030.01", "2030.02", { json: true }));
    assert.deepEqual(Object.keys(sections), ["workloads", "secrets"]);
    assert.deepEqual(Object.keys(sections.workloads.added), ["migrate"]);
    assert.equal(images.added.length, 2);
    const data = JSON.parse(shown("2030.01", "2030.02", { site: "site-t", json: true }));
    assert.equal(data.site, "site-t");
    assert.deepEqual(data.objects.filter(({ kind }: { kind: string }) => kind === "Job").length, 2);
    assert.equal(data.notUndone.length, 4);
  });

  it("paints on a terminal only", () => {
    const { io, text } = ioFor(project.root, true);
    diff("2030.01", "2030.02", { objects: false, json: false }, io);
    assert.ok(text().includes("\u001b[32m"));
    assert.ok(!shown("2030.01", "2030.02").includes("\u001b["));
  });

  for (const [title, run, message] of [
    [
      "a release that is not there, with the near one",
      () => shown("2030.1", "2030.02"),
      /no release "2030\.1"; there are: .*\n {2}next: did you mean 2030\.01\?/,
    ],
    [
      "a site that is not there, with the near one",
      () => shown("2030.01", "2030.02", { site: "site-u" }),
      /no site "site-u".*\n {2}next: use site-t/,
    ],
    [
      "objects of no site",
      () => shown("2030.01", "2030.02", { objects: true }),
      /--objects needs a site/,
    ],
  ] as const) {
    it(`refuses ${title}, with exit code 2`, () => {
      assert.throws(run, (error) => {
        assert.ok(error instanceof RunError);
        assert.equal(error.exitCode, 2);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("names problems of a release by its file, with exit code 3", () => {
    project.write("releases/2031.02.yaml", 'release: "2031.02"\nbase: "2030.01"\nworkload: {}\n');
    assert.throws(
      () => shown("2030.01", "2031.02"),
      (error) =>
        error instanceof RunError &&
        error.exitCode === 3 &&
        /releases\/2031\.02\.yaml:3 {2}workload {2}needs a known key; .*write workloads/.test(
          error.message,
        ),
    );
  });

  it("takes options of its actions behind them", async () => {
    let text = "";
    const screens = {
      stdout: { write: (part: string) => (text += part) },
      stderr: { write: (part: string) => (text += part) },
    };
    for (const words of [["--help"], ["diff", "--help"], ["check", "--help"]]) {
      text = "";
      await assert.rejects(main(["releases", ...words], screens));
      assert.match(text, /\n {2}\.\/sitewright releases .*\n[\s\S]*Exit code: 0/, words.join(" "));
    }
  });
});
