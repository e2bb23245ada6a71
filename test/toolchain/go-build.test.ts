import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureTools } from "../../toolchain/ensure";
import { entryFolder } from "../../toolchain/entries";
import { ToolsMissing } from "../../toolchain/missing";
import type { ToolEvent } from "../../toolchain/progress";
import type { Toolchain } from "../../toolchain/toolchain";
import { Workshop } from "./workshop";

/** Builds a real module, small enough for a fast test; needs Go, not the network. */
describe("Building from Go modules", () => {
  let shop: Workshop;
  before(function () {
    try {
      execFileSync("go", ["version"], { stdio: "ignore" });
    } catch {
      this.skip();
    }
  });
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.close());

  async function module(main: string): Promise<Toolchain> {
    const folder = join(shop.folder, "go", "tiny");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "go.mod"), "module example.test/tiny\n\ngo 1.21\n");
    await writeFile(join(folder, "main.go"), main);
    const values = { "main.version": "{version}" };
    const build = { folder: "tiny", package: ".", values, minutes: 0.1, sizeMiB: 2 };
    const toolchain = shop.toolchain({ kwok: { build } });
    // The machine's own Go and its build cache; everything else stays the workshop's.
    const { PATH, HOME, GOPATH, GOCACHE } = process.env;
    return { ...toolchain, environment: { PATH, HOME, GOPATH, GOCACHE } };
  }
  const program = "package main\n\nvar version string\n\nfunc main() { println(version) }\n";

  it("links the version in, and two runs at once build once", async () => {
    const toolchain = await module(program);
    const stages: string[][] = [[], []];
    const runs = stages.map((seen) =>
      ensureTools(["kwok"], { toolchain, onProgress: ({ stage }: ToolEvent) => seen.push(stage) }),
    );
    const got = await Promise.all(runs);
    assert.deepEqual(got.map(({ kwok }) => kwok.source).sort(), ["build", "cache"]);
    assert.equal(stages.filter((seen) => seen.includes("build")).length, 1);
    assert.equal(got[0]?.kwok.path, got[1]?.kwok.path);
  });

  it("tells the compiler's words when it fails, and keeps nothing", async () => {
    const toolchain = await module("package main\n\nfunc main() { nonsense() }\n");
    const error = await ensureTools(["kwok"], { toolchain }).catch((error: unknown) => error);
    assert.ok(error instanceof ToolsMissing);
    assert.match(error.message, /undefined: nonsense/);
    assert.deepEqual(await shop.cached(), []);
  });

  it("puts in what a module lacks, and keeps to the tags", async () => {
    const toolchain = await module("package main\n");
    const folder = join(shop.folder, "go", "tiny");
    const files = {
      "go.mod":
        "module example.test/tiny\n\ngo 1.21\n\nrequire example.test/page v0.0.0\n\nreplace example.test/page => ./page\n",
      "main.go":
        'package main\n\nimport "example.test/page"\n\nfunc main() { println(page.Text + version) }\n',
      "small.go": '//go:build small\n\npackage main\n\nvar version = "v1.2.3"\n',
      "large.go": '//go:build !small\n\npackage main\n\nvar version = "large"\n',
      "page/go.mod": "module example.test/page\n\ngo 1.21\n",
      "page/page.go": 'package page\n\nimport _ "embed"\n\n//go:embed dist/text\nvar Text string\n',
    };
    await mkdir(join(folder, "page"));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const placeholders = { "example.test/page/dist/text": "page of " };
    const pinned = toolchain.pins.tools.kwok.build;
    assert.ok(pinned);
    const build = { ...pinned, values: {}, tags: ["small"], placeholders };
    const pins = {
      ...toolchain.pins,
      tools: { ...toolchain.pins.tools, kwok: { ...toolchain.pins.tools.kwok, build } },
    };
    const { kwok } = await ensureTools(["kwok"], { toolchain: { ...toolchain, pins } });
    const { stderr } = spawnSync(kwok.path, { encoding: "utf8" });
    assert.equal(stderr, "page of v1.2.3\n");
  });

  it("makes another entry when a source of the recipe changes", async () => {
    const toolchain = await module(program);
    const first = await entryFolder(toolchain, "kwok", toolchain.pins.tools.kwok);
    await module(`${program}\n// changed\n`);
    assert.notEqual(await entryFolder(toolchain, "kwok", toolchain.pins.tools.kwok), first);
  });
});
