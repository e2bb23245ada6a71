import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
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

  it("makes another entry when a source of the recipe changes", async () => {
    const toolchain = await module(program);
    const first = await entryFolder(toolchain, "kwok", toolchain.pins.tools.kwok);
    await module(`${program}\n// changed\n`);
    assert.notEqual(await entryFolder(toolchain, "kwok", toolchain.pins.tools.kwok), first);
  });
});
