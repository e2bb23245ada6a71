import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalogue } from "../../site/catalogue";
import { projectRoot } from "../../site/load";
import { RunError } from "../../site/run-error";
import { makeProject, type Project } from "../support/projects";
import { catalogue } from "../support/sites";

describe("The catalogue", () => {
  let project: Project;
  beforeEach(() => {
    project = makeProject();
  });
  afterEach(() => project.remove());

  const spoilt = (file: string, from: string, to: string) => {
    const text = readFileSync(join(projectRoot, file), "utf8");
    assert.ok(text.includes(from), `${file} has no ${from}`);
    project.write(file, text.replace(from, to));
    try {
      loadCatalogue(project.root);
    } catch (error) {
      assert.ok(error instanceof RunError, String(error));
      return error.message;
    }
    return "";
  };

  it("lists only versions of the minor that they stand under", () => {
    for (const minors of Object.values(catalogue.kubernetes.kubekey)) {
      for (const [minor, { versions }] of Object.entries(minors)) {
        for (const version of versions) assert.ok(version.startsWith(`v${minor}.`), version);
      }
    }
  });

  it("has every fault named by file and line", () => {
    assert.match(
      spoilt("catalogue/preflight.yaml", "comparison: equals", "comparison: equal"),
      /catalogue\/preflight\.yaml:\d+ {2}checks\[0\]\.comparison {2}needs one of at-least, at-most/,
    );
    assert.match(
      spoilt("catalogue/nodes.yaml", "cpuMillis", "cpuMilis"),
      /catalogue\/nodes\.yaml:\d+ {2}overhead\.cpuMilis {2}needs a known key.*write cpuMillis/,
    );
    assert.match(
      spoilt("catalogue/kubernetes.yaml", "versions: [v1.33.4]", "versions: [1.33]"),
      /catalogue\/kubernetes\.yaml:\d+ {2}kubekey\["v3\.1\.12"\]\["1\.33"\]\.versions\[0\] {2}needs a full/,
    );
  });

  it("that is not there is asked for by name", () => {
    assert.throws(
      () => loadCatalogue(join(project.root, "releases")),
      /catalogue\/kubernetes\.yaml is not there\n {2}next: restore it/,
    );
  });
});
