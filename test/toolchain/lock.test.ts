import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "../../toolchain/lock";
import { runProgram } from "../../toolchain/program";

describe("The lock", () => {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-lock-"));
  const file = join(folder, "deep", "lock");
  after(() => rmSync(folder, { recursive: true }));

  it("lets one in at a time and tells the others that they wait", async () => {
    let inside = 0;
    let most = 0;
    let waited = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(250);
      inside -= 1;
    };
    const onWait = () => {
      waited += 1;
    };
    await Promise.all([withLock(file, work, { onWait }), withLock(file, work, { onWait })]);
    assert.equal(most, 1);
    assert.equal(waited, 1);
  });

  it("is free again after work that failed", async () => {
    await assert.rejects(
      withLock(file, async () => {
        throw new Error("oops");
      }),
      /oops/,
    );
    assert.equal(await withLock(file, async () => "in"), "in");
  });

  it("is free again when its holder is killed", async () => {
    const holder = `
      require(${JSON.stringify(join(__dirname, "../../toolchain/register.js"))});
      const { withLock } = require(${JSON.stringify(join(__dirname, "../../toolchain/lock"))});
      withLock(${JSON.stringify(file)}, async () => process.kill(process.pid, "SIGKILL"));`;
    const end = await runProgram(process.execPath, ["-e", holder], {
      cwd: join(__dirname, "../.."),
    });
    assert.equal(end.code, 137, end.stderr);
    assert.equal(await withLock(file, async () => "in"), "in");
  });
});
