import assert from "node:assert/strict";
import { loadSite, resolveSite } from "../../site/load";
import { RunError } from "../../site/run-error";
import { makeProject, type Project } from "../support/projects";
import { smallSite } from "../support/sites";

const sound = `config:
  sitewright:site:
    release: "2026.11"
    access: { user: root, passwordSecret: sshPassword }
    hosts:
      - { name: c, address: 192.0.2.1, roles: [control-plane, etcd], cpus: 4, memoryGiB: 8, diskGiB: 99 }
      - { name: w, address: 192.0.2.2, roles: [worker], cpus: 4, memoryGiB: 8, diskGiB: 99 }
      - { name: r, address: 192.0.2.3, roles: [registry], cpus: 4, memoryGiB: 8, diskGiB: 99 }
    cluster: { kubernetes: v1.33.4, kubekey: v3.1.12 }
    workloads: { web: { replicas: 1 } }
    capacity: { spareNodes: 0 }
  sitewright:secrets:
    sshPassword: { secure: "v1:x" }
`;

describe("A stack file", () => {
  let project: Project;
  before(() => {
    project = makeProject();
  });
  after(() => project.remove());

  const load = (content: string | Uint8Array) => {
    project.write("Pulumi.site-t.yaml", content);
    return loadSite("site-t", project.root);
  };
  const refusal = (content: string | Uint8Array): RunError => {
    try {
      load(content);
    } catch (error) {
      assert.ok(error instanceof RunError, String(error));
      return error;
    }
    assert.fail("nothing was refused");
  };

  it("that is sound becomes a blueprint", () => {
    assert.equal(load(sound).blueprint.site, "site-t");
  });

  it("is told of a fault once, and of an object what it holds", () => {
    const parts = `    logging: { output: { kafka: { hosts: ["192.0.2.8:9092"] } }, inSite: {} }
    alerts: { receivers: {}, teams: {}, expiries: { licence: { date: 31.3.2030 } } }
    workloads:`;
    const lines = refusal(sound.replace("    workloads:", parts)).message.split("\n");
    const of = (key: string) => lines.filter((line) => line.includes(`site.${key} `));
    assert.equal(of("alerts.expiries.licence.date").length, 1);
    assert.match(of("logging").join(), /needs either output or inSite; given output, inSite$/);
  });

  it("has every fault named at once, each with its line, and exit code 3", () => {
    const spoilt = sound
      .replace("address: 192.0.2.2", "adress: 192.0.2.2")
      .replace("name: r", "name: R")
      .replace("kubernetes: v1.33.4", "kubernetes: v1.33.5, podCidr: 10.233.64.1/18");
    const { message, exitCode } = refusal(spoilt);
    assert.equal(exitCode, 3);
    const lines = message.split("\n").map((line) => line.trim().split("  ").slice(0, 2).join(" "));
    assert.deepEqual(lines, [
      "4 problems in what this site is made from:",
      "Pulumi.site-t.yaml:7 sitewright:site.hosts[1].adress",
      "Pulumi.site-t.yaml:8 sitewright:site.hosts[2].name",
      "Pulumi.site-t.yaml:9 sitewright:site.cluster.podCidr",
      "Pulumi.site-t.yaml:9 sitewright:site.cluster.kubernetes",
    ]);
    assert.match(message, /here 10\.233\.64\.0\/18; given "10\.233\.64\.1\/18"/);
  });

  it("never has a secret shown that was typed where its name belongs", () => {
    const { message } = refusal(sound.replace("sshPassword }", '"hunter2 hunter2" }'));
    assert.match(message, /access\.passwordSecret {2}needs the name of an entry/);
    assert.doesNotMatch(message, /hunter2/);
  });

  it("must keep its secrets encrypted, and is told how", () => {
    const { message } = refusal(sound.replace('{ secure: "v1:x" }', "hunter2"));
    assert.match(message, /Pulumi\.site-t\.yaml:13 .*sshPassword {2}needs an encrypted value/);
    assert.match(
      message,
      /pulumi config set -s site-t --path --secret 'sitewright:secrets\.sshPassword'/,
    );
    assert.doesNotMatch(message, /hunter2/);
  });

  it("is told about a mistyped key of its own", () => {
    assert.match(
      refusal(sound.replace("sitewright:secrets", "sitewright:secret")).message,
      /sitewright:secret".*next: write sitewright:secrets/,
    );
    assert.match(
      refusal(sound.replace("sitewright:site", "sitewright:sites")).message,
      /needs an object that describes the site/,
    );
  });

  const faulty: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    ["nothing at all", "", /needs an object that describes the site/],
    [
      "a key twice",
      sound.replace("workloads:", "hosts:"),
      /:10 {2}needs valid YAML: Map keys must be unique/,
    ],
    ["broken YAML", "config: [", /needs valid YAML/],
    [
      "another encoding than UTF-8",
      new Uint8Array([0x63, 0xff, 0xfe, 0x80]),
      /needs text in UTF-8/,
    ],
    ["more than a megabyte", `# ${"x".repeat(1_100_000)}`, /needs at most 1048576 bytes/],
    ["nesting without end", `config: ${"[".repeat(5000)}${"]".repeat(5000)}`, /nest|levels|modest/],
    ["an alias that holds itself", "config: &a [*a]", /levels of nesting|modest YAML/],
    [
      "aliases that multiply",
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${"bcdefghij"
        .split("")
        .map(
          (name, at) => `${name}: &${name} [${Array(10).fill(`*${"abcdefghij"[at]}`).join(",")}]`,
        )
        .join("\n")}\n`,
      /modest YAML|at most 200000 values/,
    ],
    [
      "a key that reaches prototypes",
      "config: { __proto__: { a: 1 } }",
      /needs keys that are words/,
    ],
    ["a list instead of an object", "- 1", /needs an object that describes the site/],
    [
      "numbers beyond all bounds",
      sound.replace("cpus: 4", "cpus: 1e400"),
      /hosts\[0\]\.cpus {2}needs cores/,
    ],
    [
      "the address of no host",
      sound.replace("192.0.2.2", "127.0.0.1"),
      /address that a host can have/,
    ],
    [
      "the address of a group",
      sound.replace("192.0.2.2", "224.0.0.1"),
      /address that a host can have/,
    ],
    [
      "a time zone that is none",
      sound.replace("release:", "timezone: Mars/Base\n    release:"),
      /a time zone such as/,
    ],
    ["a release that YAML reads as a number", sound.replace('"2026.11"', "2026.11"), /in quotes/],
  ];
  for (const [title, content, problem] of faulty) {
    it(`with ${title} is refused in words`, () => {
      const { message, exitCode } = refusal(content);
      assert.match(message, problem);
      assert.equal(exitCode, 3);
    });
  }

  it("can share parts by anchor and merge key, as the engine reads them", () => {
    const shared = sound
      .replace("- { name: c, address: 192.0.2.1,", "- &c { name: c, address: 192.0.2.1,")
      .replace("roles: [worker], cpus: 4, memoryGiB: 8, diskGiB: 99", "roles: [worker], <<: *c");
    const [, worker] = load(shared).site.hosts;
    assert.equal(worker?.memoryGiB, 8);
    assert.deepEqual(worker?.roles, ["worker"]);
  });
});

describe("A site's name", () => {
  it("without a stack file is refused as wrong usage, with the names there are", () => {
    assert.throws(
      () => loadSite("site-d"),
      (error) =>
        error instanceof RunError &&
        error.exitCode === 2 &&
        /there are: .*site-a, site-b/.test(error.message),
    );
  });

  it("never leads outside the project", () => {
    for (const name of ["../main/Pulumi.site-a", "/etc/passwd", "a/b", ""]) {
      assert.throws(() => loadSite(name), /no site/);
    }
  });
});

describe("A site handed out by Pulumi", () => {
  it("needs a name that can be part of a path", () => {
    for (const name of ["../x", "Site", "", "a".repeat(64)]) {
      assert.throws(
        () => resolveSite({ name, data: smallSite() }),
        /a site needs a name of at most 63/,
      );
    }
  });

  it("has its faults named by path, without a file that is not at hand", () => {
    const data = smallSite();
    data.hosts[1].cpus = "many";
    assert.throws(
      () => resolveSite({ name: "site-t", data }),
      /\n {2}sitewright:site\.hosts\[1\]\.cpus {2}needs cores: a whole number from 1 to 4096; given "many"$/,
    );
  });

  it("needs no secret names where they are not known", () => {
    assert.equal(resolveSite({ name: "site-t", data: smallSite() }).secretNames, undefined);
  });
});
