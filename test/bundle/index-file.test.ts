import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleState } from "../../bundle/index-file";

const digest = "a".repeat(64);

describe("a release's bundle", () => {
  let root: string;
  let folder: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "sitewright-bundle-"));
    folder = join(root, "bundles/2026.11");
    mkdirSync(join(folder, "v3"), { recursive: true });
    writeFileSync(join(folder, "v3/kk"), "kk!");
    writeFileSync(join(folder, "artifact.tgz"), "");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const describeFiles = (kk = "v3/kk", kkBytes = 3) =>
    writeFileSync(
      join(folder, "bundle.json"),
      JSON.stringify({
        format: 1,
        release: "2026.11",
        kubekey: {
          "v3.1.12": {
            kk: { path: kk, sha256: digest, sizeBytes: kkBytes },
            artifact: { path: "artifact.tgz", sha256: digest, sizeBytes: 0 },
          },
        },
      }),
    );
  const state = () => bundleState(root, "2026.11", "v3.1.12");

  it("gives the blueprint its files when all is there", () => {
    describeFiles();
    assert.deepEqual(state().problems, []);
    assert.deepEqual(state().files?.kk, { path: "v3/kk", sha256: digest, sizeBytes: 3 });
  });

  it("is simply absent while there is none, and says so", () => {
    assert.deepEqual(Object.keys(state()), ["problems"]);
    assert.match(state().problems[0] ?? "", /bundle\.json is not there/);
  });

  it("names a version that it has no files for", () => {
    describeFiles();
    assert.match(
      bundleState(root, "2026.11", "v4.0.6").problems[0] ?? "",
      /no files for KubeKey v4\.0\.6/,
    );
  });

  it("names each file that is missing or of another size", () => {
    describeFiles("v3/kk", 4);
    rmSync(join(folder, "artifact.tgz"));
    assert.deepEqual(state().problems, [
      "bundles/2026.11/v3/kk has 3 bytes; bundle.json says 4",
      "bundles/2026.11/artifact.tgz is not there",
    ]);
  });

  const escapes: readonly (readonly [string, (folder: string) => void])[] = [
    ["a file that is a link", (to) => symlinkSync("/etc/passwd", join(to, "link"))],
    ["a folder that is a link", (to) => symlinkSync("/etc", join(to, "link"))],
    ["a link to another file of the bundle", (to) => symlinkSync("v3/kk", join(to, "link"))],
  ];
  for (const [what, make] of escapes) {
    it(`does not follow ${what}`, () => {
      make(folder);
      describeFiles(what.startsWith("a folder") ? "link/passwd" : "link");
      assert.match(state().problems[0] ?? "", /through a link/);
    });
  }

  it("refuses a path that leaves its folder, and a description with unknown parts", () => {
    for (const path of ["../x", "/etc/passwd", "v3/../../x", "v3//kk", ""]) {
      describeFiles(path);
      assert.throws(state, /path below the bundle's folder/, path);
    }
  });
});
