import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureTools, findPlugins } from "../../toolchain/ensure";
import { inspectTools } from "../../toolchain/inspect";
import { ToolsInterrupted, ToolsMissing } from "../../toolchain/missing";
import { runProgram } from "../../toolchain/program";
import type { ToolEvent } from "../../toolchain/progress";
import { saying, script, Workshop } from "./workshop";

describe("Getting tools", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.close());

  const missingFrom = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => assert.fail("nothing was missing"),
      (error: unknown) => error,
    );
    assert.ok(error instanceof ToolsMissing, String(error));
    return error;
  };

  it("takes what is on the PATH at the pinned version, and asks nobody", async () => {
    const path = await shop.program("crane", "echo v1.2.3");
    const toolchain = shop.toolchain({
      crane: { release: await shop.release("crane", saying("v1.2.3")) },
    });
    const { crane } = await ensureTools(["crane"], { toolchain });
    assert.deepEqual(crane, { path, version: "v1.2.3", source: "machine" });
    assert.deepEqual(shop.requests, []);
    assert.deepEqual(await shop.cached(), []);
  });

  it("passes over another version on the PATH, fetches the release once, then uses the cache", async () => {
    await shop.program("crane", "echo v1.2.30");
    const toolchain = shop.toolchain({
      crane: { release: await shop.release("crane", saying("v1.2.3")) },
    });
    const first = await ensureTools(["crane"], { toolchain });
    assert.equal(first.crane.source, "release");
    assert.equal((await runProgram(first.crane.path, [])).stdout, "v1.2.3\n");
    const second = await ensureTools(["crane"], { toolchain });
    assert.deepEqual(second.crane, { ...first.crane, source: "cache" });
    assert.deepEqual(shop.requests, ["/crane"]);
  });

  it("unpacks the members of an archive that the pin names", async () => {
    const inside = join(shop.folder, "linux-amd64");
    await script(join(inside, "helm"), "echo v1.2.3");
    await writeFile(join(inside, "README"), "not wanted");
    const tar = await runProgram("tar", [
      "-czf",
      join(shop.folder, "h.tgz"),
      "-C",
      shop.folder,
      "linux-amd64",
    ]);
    assert.equal(tar.code, 0, tar.stderr);
    const archive = await readFile(join(shop.folder, "h.tgz"));
    const release = await shop.release("h.tgz", archive.toString("latin1"));
    shop.serve("/h.tgz", archive);
    const sha256 = { amd64: createHash("sha256").update(archive).digest("hex") };
    const members = { helm: "linux-{arch}/helm" };
    const toolchain = shop.toolchain({ helm: { release: { ...release, sha256, members } } });
    const { helm } = await ensureTools(["helm"], { toolchain });
    assert.equal(helm.source, "release");
    assert.deepEqual(
      (await shop.cached())
        .filter((name) => name.includes("/bin/"))
        .map((name) => name.split("/").at(-1)),
      ["helm"],
    );
  });

  it("refuses a release with another digest, says both, and keeps nothing of it", async () => {
    const release = await shop.release("crane", saying("v1.2.3"), "what was pinned");
    const error = await missingFrom(
      ensureTools(["crane"], { toolchain: shop.toolchain({ crane: { release } }) }),
    );
    assert.match(error.message, /crane v1\.2\.3 is needed/);
    assert.match(
      error.message,
      /tried official release: .* has the digest [0-9a-f]{64}, but [0-9a-f]{64} is pinned: it was refused/,
    );
    assert.deepEqual(await shop.cached(), []);
  });

  it("refuses a release that does not say the pinned version", async () => {
    const release = await shop.release("crane", saying("v9.9.9"));
    const error = await missingFrom(
      ensureTools(["crane"], { toolchain: shop.toolchain({ crane: { release } }) }),
    );
    assert.match(error.message, /is not v1\.2\.3: v9\.9\.9/);
    assert.deepEqual(await shop.cached(), []);
  });

  it("fetches anew what was damaged in the cache", async () => {
    const release = await shop.release("crane", saying("v1.2.3"));
    const toolchain = shop.toolchain({ crane: { release } });
    const { crane } = await ensureTools(["crane"], { toolchain });
    await appendFile(crane.path, "exit 1\n");
    const [report] = await inspectTools(["crane"], toolchain);
    assert.match(report?.attempts.at(-1)?.why ?? "", /is not as it was recorded/);
    const again = await ensureTools(["crane"], { toolchain });
    assert.equal(again.crane.source, "release");
    assert.equal(shop.requests.length, 2);
  });

  it("fetches anew when the pin changes", async () => {
    const old = shop.toolchain({ crane: { release: await shop.release("old", saying("v1.2.3")) } });
    await ensureTools(["crane"], { toolchain: old });
    const release = await shop.release("new", `${saying("v1.2.3")}# rebuilt\n`);
    const { crane } = await ensureTools(["crane"], {
      toolchain: shop.toolchain({ crane: { release } }),
    });
    assert.equal(crane.source, "release");
    assert.deepEqual(shop.requests, ["/old", "/new"]);
  });

  it("gets the tools that can be had and reports all others at once, with next steps", async () => {
    const release = await shop.release("crane", saying("v1.2.3"));
    const build = { folder: "kwok", package: ".", values: {}, minutes: 1, sizeMiB: 1 };
    await script(join(shop.folder, "go", "kwok", "go.mod"), "go 1.24.0");
    const toolchain = shop.toolchain({ crane: { release }, kwok: { build } });
    const error = await missingFrom(ensureTools(["helm", "crane", "kwok"], { toolchain }));
    assert.deepEqual(
      error.missing.map(({ tool }) => tool),
      ["helm", "kwok"],
    );
    assert.match(error.message, /tried Go modules: there is no go command/);
    assert.match(error.message, /next: install a recent Go/);
    assert.match(error.message, /without it: the rest works/);
    assert.equal(error.exitCode, 5);
    const [report] = await inspectTools(["crane"], toolchain);
    assert.equal(report?.tool?.source, "cache");
  });

  it("asks nobody when offline", async () => {
    const release = await shop.release("crane", saying("v1.2.3"));
    const toolchain = shop.toolchain({ crane: { release } });
    const error = await missingFrom(ensureTools(["crane"], { toolchain, offline: true }));
    assert.match(error.message, /SITEWRIGHT_OFFLINE=1 forbids downloads/);
    assert.deepEqual(shop.requests, []);
  });

  it("finds plugins where Pulumi installs them, at the pinned version only", async () => {
    const toolchain = shop.toolchain({});
    const plugins = join(shop.folder, "pulumi-home", "plugins");
    await script(join(plugins, "resource-random-v4.21.2", "pulumi-resource-random"), "");
    await script(join(plugins, "resource-command-v1.0.0", "pulumi-resource-command"), "");
    await script(join(shop.path, "pulumi-language-nodejs"), "");
    const pulumi = {
      path: await shop.program("pulumi", "echo v1.2.3"),
      version: "v1.2.3",
      source: "machine",
    } as const;
    const environment = { ...toolchain.environment, PULUMI_HOME: join(shop.folder, "pulumi-home") };
    const found = await findPlugins(pulumi, { ...toolchain, environment });
    assert.deepEqual(Object.keys(found).sort(), ["language-nodejs", "random"]);
  });

  it("stops a build on request and leaves nothing of it", async () => {
    await script(join(shop.folder, "go", "kwok", "go.mod"), "go 1.24.0");
    const begun = join(shop.folder, "begun");
    await shop.program(
      "go",
      `case $1 in version) echo go version go1.26.0 x;; list) echo one;; *) echo $$ >${begun}; /bin/sleep 60;; esac`,
    );
    const build = { folder: "kwok", package: ".", values: {}, minutes: 1, sizeMiB: 1 };
    const toolchain = shop.toolchain({ kwok: { build } });
    const controller = new AbortController();
    const onProgress = ({ stage }: ToolEvent) => {
      if (stage === "build") setTimeout(() => controller.abort(), 50);
    };
    await assert.rejects(
      ensureTools(["kwok"], { toolchain, signal: controller.signal, onProgress }),
      ToolsInterrupted,
    );
    assert.deepEqual(await shop.cached(), []);
    const pid = Number(await readFile(begun, "utf8"));
    assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });

  it("does not ask a module proxy again that did not answer", async () => {
    const asked = join(shop.folder, "asked");
    const build = { folder: "kwok", package: ".", values: {}, minutes: 1, sizeMiB: 1 };
    await script(join(shop.folder, "go", "kwok", "go.mod"), "go 1.24.0");
    await shop.program(
      "go",
      `case $1 in version) echo go version go1.26.0 x;; *) echo "<$GOPROXY>" >>${asked}; echo dial tcp: refused >&2; exit 1;; esac`,
    );
    const toolchain = shop.toolchain({ kwok: { build }, helm: { build } });
    const error = await missingFrom(ensureTools(["kwok", "helm"], { toolchain }));
    assert.match(error.message, /Go modules could not be fetched: dial tcp: refused/);
    assert.equal(await readFile(asked, "utf8"), "<>\n<off>\n");
  });

  it("says what to do when the cache cannot be written", async () => {
    await writeFile(join(shop.folder, "cache"), "a file");
    await assert.rejects(ensureTools(["crane"], { toolchain: shop.toolchain({}) }), {
      message:
        /cache folder .* cannot be written: .*\n {2}next: make it writable, or set SITEWRIGHT_CACHE/,
    });
  });

  it("says which Go is needed when the one here is too old and none may be fetched", async () => {
    await script(join(shop.folder, "go", "kwok", "go.mod"), "go 1.24.0");
    await shop.program("go", "echo go version go1.19.8 linux/amd64");
    const build = { folder: "kwok", package: ".", values: {}, minutes: 1, sizeMiB: 1 };
    const error = await missingFrom(
      ensureTools(["kwok"], { toolchain: shop.toolchain({ kwok: { build } }, true) }),
    );
    assert.match(error.message, /Go is 1\.19\.8; 1\.24\.0 or newer is needed/);
  });
});
