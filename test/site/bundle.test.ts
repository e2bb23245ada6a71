import assert from "node:assert/strict";
import { loadBundle } from "../../site/bundle";
import { RunError } from "../../site/run-error";
import { makeProject, type Project } from "../support/projects";

const file = (path: string) => ({ path, sha256: "a".repeat(64), sizeBytes: 3 });
const sound = {
  format: 1,
  release: "2026.11",
  kubekey: { "v3.1.12": { kk: file("v3/kk"), artifact: file("v3/artifact.tar.gz") } },
};
const withPath = (path: string) => ({
  ...sound,
  kubekey: { "v3.1.12": { kk: file(path), artifact: file("a") } },
});

describe("The description of a bundle", () => {
  let project: Project;
  beforeEach(() => {
    project = makeProject();
  });
  afterEach(() => project.remove());

  it("is nothing while no bundle is there", () => {
    assert.equal(loadBundle(project.root, "2026.11"), undefined);
  });

  it("gives path, digest and size of what travels", () => {
    project.write("bundles/2026.11/bundle.json", JSON.stringify(sound));
    assert.deepEqual(loadBundle(project.root, "2026.11")?.kubekey["v3.1.12"]?.kk, file("v3/kk"));
  });

  const faulty: readonly (readonly [string, string, RegExp])[] = [
    ["no JSON", "{", /readable JSON/],
    ["another format", JSON.stringify({ ...sound, format: 2 }), /format {2}needs format 1/],
    [
      "another release",
      JSON.stringify({ ...sound, release: "2026.12" }),
      /needs "2026\.11"; given "2026\.12"/,
    ],
    [
      "a path to elsewhere",
      JSON.stringify(withPath("../../etc/passwd")),
      /kk\.path {2}needs a path below/,
    ],
    ["an absolute path", JSON.stringify(withPath("/etc/passwd")), /kk\.path {2}needs a path below/],
    ["a path through itself", JSON.stringify(withPath("a/./b")), /kk\.path {2}needs a path below/],
    [
      "a short digest",
      JSON.stringify(sound).replace("a".repeat(64), "abc"),
      /sha256 {2}needs a SHA-256 of 64 hex digits/,
    ],
  ];
  for (const [title, content, message] of faulty) {
    it(`with ${title} is refused`, () => {
      project.write("bundles/2026.11/bundle.json", content);
      assert.throws(
        () => loadBundle(project.root, "2026.11"),
        (error) => error instanceof RunError && error.exitCode === 3 && message.test(error.message),
      );
    });
  }
});
