import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeStandInBundle, type StandInBundle } from "../../rehearsal/bundle/stand-in-bundle";
import { kubekeyReference } from "../../rehearsal/kubekey/artifact/images";
import { readLayout } from "../../rehearsal/kubekey/cluster/image-push";
import { binaryPaths, registryPaths } from "../../rehearsal/kubekey/v3/versions";

const input: StandInBundle = {
  blueprint: {
    release: "2026.11",
    cluster: {
      kubernetes: "v1.33.4",
      kubekey: "v3.1.12",
      images: ["docker.io/calico/cni:v3.27.4"],
    },
    images: [{ image: `ghcr.io/team/app:1.2@sha256:${"a".repeat(64)}` }],
    hosts: [{ arch: "amd64" }, { arch: "amd64" }],
  },
  controlplane: "/opt/controlplane",
  kwok: "/opt/kwok",
  fillerMiB: 1,
  systems: [{ id: "ubuntu", version: "22.04" }],
};

describe("The stand-in bundle", () => {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-bundle-"));
  const again = mkdtempSync(join(tmpdir(), "sitewright-bundle-"));
  const description = () => JSON.parse(readFileSync(join(folder, "bundle.json"), "utf8"));
  const artifact = join(folder, "kubekey/v3.1.12/kubekey-artifact.tar.gz");
  const files = () =>
    execFileSync("tar", ["-tzf", artifact], { encoding: "utf8" }).trim().split("\n");

  before(async () => {
    await makeStandInBundle(folder, input);
    await makeStandInBundle(again, input);
  });

  after(() => {
    for (const each of [folder, again]) rmSync(each, { recursive: true });
  });

  it("describes every file by its true digest and size, for both versions of kk", () => {
    const { format, release, kubekey } = description();
    assert.deepEqual(
      [format, release, Object.keys(kubekey)],
      [1, "2026.11", ["v3.1.12", "v4.0.6"]],
    );
    for (const { kk, artifact: packed } of Object.values<
      Record<string, { path: string; sha256: string; sizeBytes: number }>
    >(kubekey)) {
      for (const file of [kk, packed]) {
        assert.ok(file);
        const content = readFileSync(join(folder, file.path));
        assert.equal(content.length, file.sizeBytes);
        assert.equal(createHash("sha256").update(content).digest("hex"), file.sha256);
      }
    }
  });

  it("is the same to the byte whenever it is made", () => {
    const other = readFileSync(join(again, "kubekey/v3.1.12/kubekey-artifact.tar.gz"));
    assert.ok(readFileSync(artifact).equals(other));
  });

  for (const version of ["v3.1.12", "v4.0.6"]) {
    it(`has a kk ${version} that starts from anywhere`, () => {
      const kk = join(folder, "kubekey", version, "kk");
      const text = execFileSync(kk, ["version"], { cwd: "/", encoding: "utf8" });
      assert.ok(text.includes(version), text);
    });
  }

  it("is left alone when it is there already", async () => {
    const before = statSync(artifact).mtimeMs;
    await makeStandInBundle(folder, input);
    assert.equal(statSync(artifact).mtimeMs, before);
  });

  it("is made anew when the site asks for something else", async () => {
    const before = description().kubekey["v3.1.12"].artifact.sha256;
    await makeStandInBundle(folder, { ...input, systems: [{ id: "debian", version: "12" }] });
    assert.notEqual(description().kubekey["v3.1.12"].artifact.sha256, before);
    await makeStandInBundle(folder, input);
  });

  it("is made anew after a making of another one was broken off", async () => {
    const before = readFileSync(artifact);
    const noTag = { ...input.blueprint, images: [{ image: "ghcr.io/team/app" }] };
    await assert.rejects(makeStandInBundle(folder, { ...input, blueprint: noTag }));
    writeFileSync(artifact, "what the other one had got to");
    await makeStandInBundle(folder, input);
    assert.ok(readFileSync(artifact).equals(before));
  });

  it("holds every file that kk looks for, and packages for the hosts' system", () => {
    const held = files();
    for (const path of [...binaryPaths("v1.33.4", "amd64"), ...registryPaths("harbor", "amd64")])
      assert.ok(held.includes(path), path);
    assert.ok(held.includes("repository/amd64/ubuntu/22.04/ubuntu-22.04-amd64.iso"));
  });

  it("is not squeezed: copying it is a real transfer", () => {
    assert.ok(statSync(artifact).size > 1024 * 1024);
  });

  it("holds one real image for each reference, whose blobs are what their names say", () => {
    const target = mkdtempSync(join(tmpdir(), "sitewright-images-"));
    try {
      execFileSync("tar", ["-xzf", artifact, "-C", target, "images"]);
      const images = readLayout(join(target, "images"));
      assert.deepEqual(images.map((image) => image.ref).sort(), [
        "docker.io/calico/cni:v3.27.4-amd64",
        "ghcr.io/team/app:1.2-amd64",
      ]);
      for (const path of files().filter((file) => /^images\/blobs\/sha256\/./.test(file))) {
        const digest = createHash("sha256")
          .update(readFileSync(join(target, path)))
          .digest("hex");
        assert.ok(path.endsWith(digest), path);
      }
    } finally {
      rmSync(target, { recursive: true });
    }
  });

  it("leaves digests out of references, as kk does, and refuses one without a tag", () => {
    assert.equal(kubekeyReference("docker.io/library/a:1@sha256:0"), "docker.io/library/a:1");
    assert.throws(
      () => kubekeyReference("docker.io/library/a"),
      /needs host, path and tag, got docker\.io\/library\/a/,
    );
    assert.throws(() => kubekeyReference("a:1"), /needs host/);
  });
});
