import { strict as assert } from "node:assert";
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { scale } from "../../../cli/workloads/scale";
import { projectRoot } from "../../../site/load";
import { makeProject, type Project } from "../../support/projects";

describe("The number of a workload's Pods", () => {
  const sample = readFileSync(join(projectRoot, "Pulumi.site-a.yaml"), "utf8");
  let project: Project;
  let said: string;
  beforeEach(() => {
    said = "";
    project = makeProject();
    project.write("Pulumi.site-a.yaml", sample);
  });
  afterEach(() => project.remove());

  const file = () => join(project.root, "Pulumi.site-a.yaml");
  const text = () => readFileSync(file(), "utf8");
  const run = (workload: string, replicas: number) => {
    const stdout = { write: (more: string) => (said += more) };
    scale("site-a", workload, replicas, { stdout, stderr: stdout, env: {}, root: project.root });
  };

  it("goes to the site's file, with what to do next, and out of it again", () => {
    run("api", 4);
    assert.equal(
      said,
      [
        "Pulumi.site-a.yaml: api 3 → 4 Pods",
        "  release 2027.1 says 3",
        "The cluster is as it was. To bring it there:",
        "  pulumi preview -s site-a --diff",
        "  pulumi up -s site-a",
        "",
      ].join("\n"),
    );
    const lines = text().split("\n");
    const added = ["    workloads:", "      api: {replicas: 4}"];
    assert.deepEqual(
      lines.filter((line) => !added.includes(line)),
      sample.split("\n"),
    );
    run("api", 3);
    assert.match(said, /as release 2027\.1 says, so the file no longer differs from it/);
    assert.equal(text(), sample);
    run("api", 3);
    assert.match(said, /api has 3 Pods at site-a already; nothing is changed\n$/);
    assert.equal(text(), sample);
  });

  it("is refused where check would, by the line that it would stand on, and the file stays", () => {
    assert.throws(
      () => run("web", 9),
      (error: Error) => {
        assert.match(
          error.message,
          /Pulumi\.site-a\.yaml:\d+ {2}sitewright:site\.workloads\.web\.replicas {2}needs at most 3/,
        );
        assert.equal("exitCode" in error && error.exitCode, 3);
        return true;
      },
    );
    assert.throws(() => run("api", 1001), /needs .*1000/);
    assert.equal(text(), sample);
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    [
      "a workload that the release does not have",
      "apo",
      /no workload "apo"\n {2}next: did you mean api\?/,
    ],
    ["a kind without a number", "clean-up", /clean-up is a CronJob/],
  ];
  for (const [what, workload, message] of wrong) {
    it(`is not set for ${what}`, () => {
      assert.throws(() => run(workload, 3), message);
      assert.equal(text(), sample);
    });
  }

  it("keeps the file's permissions and the link that leads to it, and leaves nothing beside it", () => {
    rmSync(file());
    project.write("elsewhere/site.yaml", sample);
    const real = join(project.root, "elsewhere/site.yaml");
    chmodSync(real, 0o640);
    symlinkSync("elsewhere/site.yaml", file());
    run("api", 4);
    assert.match(readFileSync(real, "utf8"), /api: \{replicas: 4\}/);
    assert.equal(statSync(real).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(join(project.root, "elsewhere")), ["site.yaml"]);
  });
});
