import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../toolchain/program";

const register = join(__dirname, "..", "..", "toolchain", "register.js");

describe("Loading TypeScript", () => {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-register-"));
  const cache = join(folder, "cache");
  const file = join(folder, "main.ts");
  after(() => rmSync(folder, { recursive: true }));

  const run = (source: string, SITEWRIGHT_CACHE = cache) => {
    writeFileSync(file, source);
    // Node's own cache makes loading the compiler, which is not what is tested, quick.
    const NODE_COMPILE_CACHE = join(tmpdir(), "node-compile-cache");
    const environment = { ...process.env, HOME: folder, SITEWRIGHT_CACHE, NODE_COMPILE_CACHE };
    return runProgram(process.execPath, ["-r", register, file], { cwd: "/", environment });
  };
  const entries = () => readdirSync(join(cache, "transpiled"));

  it("keeps what it transpiled, and replaces it when the file changes", async () => {
    assert.equal((await run("const a: number = 1; console.log(a);")).stdout, "1\n");
    const kept = entries();
    assert.equal((await run("const a: number = 2; console.log(a);")).stdout, "2\n");
    assert.deepEqual(entries(), kept);
    assert.equal(kept.length, 1);
  });

  it("tells the lines of the source in a stack, also from the cache", async () => {
    const source =
      "interface A {\n  b: number;\n}\n\nconst a: A = { b: 1 };\nthrow new Error(String(a.b));\n";
    assert.match((await run(source)).stderr, /main\.ts:6:7/);
    assert.match((await run(source)).stderr, /main\.ts:6:7/);
  });

  it("names file and line of a syntax error, and keeps nothing of it", async () => {
    const kept = entries();
    const end = await run("const fine = 1;\nconst x = {;\n");
    assert.deepEqual(entries(), kept);
    assert.match(end.stderr, /main\.ts:2: Property assignment expected/);
    assert.equal(end.code, 1);
  });

  it("works when nothing can be kept", async () => {
    const end = await run("const a: number = 3; console.log(a);", join(file, "no folder"));
    assert.equal(end.stdout, "3\n", end.stderr);
  });
});
