import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { refuseCode, writeFolder } from "../../cli/manifests/folder";
import { indexName } from "../../cli/manifests/index-file";
import { type RenderedFile, renderNamespace } from "../../cli/manifests/render";
import { isDeployments, workloadObjects } from "../../components/workload/objects";
import { sampleSite, workload } from "../support/sites";

const source = (workloads: readonly ReturnType<typeof workload>[]) => ({
  site: "site-t",
  release: "2026.11",
  workloads,
});

describe("Manifests of a namespace", () => {
  const { blueprint } = sampleSite("site-a");

  it("are the very objects that the deployment would make, but for its own and for Pulumi's notes", () => {
    const files = renderNamespace(blueprint, "parcels", undefined);
    const given = files
      .filter(({ name }) => !["README.md", "kustomization.yaml"].includes(name))
      .map(({ text }) => parse(text));
    const wanted = blueprint.workloads
      .filter(({ namespace }) => namespace === "parcels")
      .flatMap(workloadObjects)
      .filter((one) => !isDeployments(one))
      .map(({ object }) => object);
    const key = (object: { kind: string; metadata: { name: string } }) =>
      `${object.kind.toLowerCase()}-${object.metadata.name}`;
    assert.deepEqual(given.map(key).sort(), wanted.map(key).sort());
    for (const object of given) {
      const same = wanted.find((one) => key(one) === key(object));
      assert.deepEqual(object.spec, JSON.parse(JSON.stringify(same)).spec, key(object));
      assert.ok(!JSON.stringify(object).includes("pulumi.com/"), key(object));
      assert.equal(object.metadata.namespace, "parcels");
    }
    assert.ok(!files.some(({ text }) => /docker\.io|ghcr\.io/.test(text)), "images of the site");
    const { resources } = parse(
      files.find(({ name }) => name === "kustomization.yaml")?.text ?? "",
    );
    assert.equal(resources.length, given.length);
  });

  it("keep the order of workloads, and let a changed Job take the place of the last", () => {
    const files = renderNamespace(
      source([
        workload({ name: "database", kind: "Job", after: [] }),
        workload({ name: "api", after: ["database"] }),
        workload({ name: "web", after: ["api"] }),
      ]),
      "parcels",
      undefined,
    );
    const annotations = (name: string) =>
      parse(files.find((file) => file.name === name)?.text ?? "").metadata.annotations;
    assert.equal(annotations("deployment-web.yaml")["argocd.argoproj.io/sync-wave"], "2");
    assert.equal(annotations("deployment-api.yaml")["argocd.argoproj.io/sync-wave"], "1");
    assert.deepEqual(annotations("job-database.yaml"), {
      "argocd.argoproj.io/sync-options": "Force=true,Replace=true",
    });
  });
});

describe("A folder of a configuration repository", () => {
  let root: string;
  const file = (name: string, text = `${name}\n`): RenderedFile => ({ name, text });
  const write = (files: readonly RenderedFile[], more: { adopt?: boolean; site?: string } = {}) =>
    writeFolder({
      root,
      path: "site-t/parcels",
      site: "site-t",
      namespace: "parcels",
      adopt: false,
      files,
      ...more,
    });
  const folder = () => join(root, "site-t/parcels");

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "sitewright-manifests-"));
  });

  afterEach(() => rmSync(root, { recursive: true }));

  it("is written once, and a second time not touched", () => {
    assert.deepEqual(write([file("a.yaml"), file("b.yaml")]).written, ["a.yaml", "b.yaml"]);
    const times = () => readdirSync(folder()).map((name) => statSync(join(folder(), name)).mtimeMs);
    const before = times();
    const again = write([file("a.yaml"), file("b.yaml")]);
    assert.deepEqual([again.written, again.removed, again.unchanged], [[], [], 2]);
    assert.deepEqual(times(), before);
  });

  it("loses what is no longer wanted, keeps others' files, and gets back what was changed by hand", () => {
    write([file("a.yaml"), file("b.yaml")]);
    writeFileSync(join(folder(), "theirs.yaml"), "theirs\n");
    writeFileSync(join(folder(), "a.yaml"), "changed\n");
    const { written, removed } = write([file("a.yaml")]);
    assert.deepEqual([written, removed], [["a.yaml"], ["b.yaml"]]);
    assert.deepEqual(readdirSync(folder()).sort(), ["a.yaml", indexName, "theirs.yaml"].sort());
    assert.equal(readFileSync(join(folder(), "a.yaml"), "utf8"), "a.yaml\n");
  });

  it("is refused with others' files in it, unless it is adopted, and then they stay", () => {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), "theirs.yaml"), "theirs\n");
    assert.throws(() => write([file("a.yaml")]), /did not write: theirs\.yaml/);
    assert.ok(!existsSync(join(folder(), "a.yaml")));
    write([file("a.yaml")], { adopt: true });
    assert.ok(existsSync(join(folder(), "theirs.yaml")));
    assert.throws(() => write([file("theirs.yaml", "ours\n")]), /would be written/);
  });

  it("is refused when it is another site's, however much it is wanted", () => {
    write([file("a.yaml")]);
    assert.throws(() => write([], { site: "site-u", adopt: true }), /holds parcels of site-t/);
  });

  it("is refused when its index would lead out of it, or a link does", () => {
    write([file("a.yaml")]);
    const index = join(folder(), indexName);
    writeFileSync(index, readFileSync(index, "utf8").replace("a.yaml", "../../a.yaml"));
    assert.throws(() => write([]), /not an index that Sitewright wrote/);
    rmSync(folder(), { recursive: true });
    symlinkSync(tmpdir(), folder());
    assert.throws(() => write([file("a.yaml")]), /no folder of the working copy/);
  });

  it("is refused in a repository with code, and in this project itself", () => {
    mkdirSync(join(root, ".git"));
    writeFileSync(
      join(root, ".git/config"),
      '[remote "origin"]\n\turl = git@git.example.com:team/code.git\n',
    );
    const code = "https://git.example.com/team/code";
    assert.throws(() => refuseCode(root, code, tmpdir()), /which holds code/);
    assert.doesNotThrow(() => refuseCode(root, "https://git.example.com/team/other", tmpdir()));
    assert.throws(() => refuseCode(root, undefined, root), /this project's own folder/);
    assert.throws(() => refuseCode(join(root, "none"), undefined, tmpdir()), /is not a folder/);
  });
});
