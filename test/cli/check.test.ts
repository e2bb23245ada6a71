import assert from "node:assert/strict";
import { check } from "../../cli/check";

import { projectRoot } from "../../site/load";
import { ProblemsError } from "../../site/problems";
import { ioFor } from "../support/io";
import { makeProject, type Project } from "../support/projects";

describe("check", () => {
  it("shows what a sound site would make", () => {
    const { io, text } = ioFor(projectRoot);
    assert.equal(check("site-a", { json: false }, io), 0);
    for (const part of [
      "nothing is wrong with site-a",
      "3  control-plane + etcd  control-1 192.0.2.11",
      "KubeKey v3.1.12, which runs on registry-1",
      "parcels/web            StatefulSet  3",
      "registryPassword, sortingRepository, sortingRunner, sshPassword",
    ]) {
      assert.ok(text().includes(part), `${part}\n${text()}`);
    }
  });

  it("paints on a terminal only", () => {
    const plain = ioFor(projectRoot);
    const painted = ioFor(projectRoot, true);
    check("site-a", { json: false }, plain.io);
    check("site-a", { json: false }, painted.io);
    assert.ok(!plain.text().includes("\u001b["));
    assert.ok(painted.text().includes("\u001b["));
  });

  it("prints one JSON object for programs", () => {
    const { io, text } = ioFor(projectRoot);
    assert.equal(check("site-b", { json: true }, io), 0);
    const result = JSON.parse(text());
    assert.equal(result.ok, true);
    assert.equal(result.hosts.length, 3);
    assert.equal(result.cluster.kubekey, "v4.0.6");
    assert.equal(result.policies["images-from-site-registry"], "mandatory");
    assert.ok(result.warnings.length >= 2);
  });

  describe("of a faulty site", () => {
    let project: Project;
    before(() => {
      project = makeProject();
      project.write(
        "Pulumi.site-t.yaml",
        [
          "config:",
          "  sitewright:site:",
          "    relase: '2026.11'",
          "  sitewright:policies:",
          "    rules: {images-from-site-registry: {enforcement: disabled}}",
        ].join("\n"),
      );
    });
    after(() => project.remove());

    it("throws all problems for the command to print", () => {
      const { io } = ioFor(project.root);
      assert.throws(() => check("site-t", { json: false }, io), ProblemsError);
    });

    it("names what is wrong with its policies in the same breath", () => {
      const { io, text } = ioFor(project.root);
      check("site-t", { json: true }, io);
      const { problems } = JSON.parse(text());
      assert.deepEqual(
        problems.filter(({ path }: { path: string }) => path.startsWith("sitewright:policies")),
        [
          {
            file: "Pulumi.site-t.yaml",
            line: 5,
            path: "sitewright:policies.rules.images-from-site-registry.reason",
            needed: "a reason, since the rule is disabled",
            given: "nothing",
          },
        ],
      );
    });

    it("prints them as data when asked to, with exit code 3", () => {
      const { io, text } = ioFor(project.root);
      assert.equal(check("site-t", { json: true }, io), 3);
      const { ok, problems } = JSON.parse(text());
      assert.equal(ok, false);
      assert.deepEqual(
        problems.find(({ path }: { path: string }) => path.endsWith("relase")),
        {
          file: "Pulumi.site-t.yaml",
          line: 3,
          path: "sitewright:site.relase",
          needed: "a known key",
          given: '"relase"',
          next: "write release",
        },
      );
    });
  });
});
