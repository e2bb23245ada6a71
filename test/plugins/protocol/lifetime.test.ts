import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installProvider } from "../../../rehearsal/plugins/protocol/launcher";
import { engineAddress } from "../../../rehearsal/plugins/protocol/server";

describe("a stand-in as a process", () => {
  const home = mkdtempSync(join(tmpdir(), "sitewright home ' "));
  const launcher = installProvider(home, { name: "random", version: "4.21.2" });
  after(() => rmSync(home, { recursive: true }));

  async function start(): Promise<ChildProcess> {
    const child = spawn(launcher, ["127.0.0.1:1"], { stdio: ["pipe", "pipe", "inherit"] });
    assert.ok(child.stdout);
    const [port] = await once(child.stdout, "data");
    assert.match(String(port), /^\d+\n$/);
    return child;
  }

  it("prints its port and ends when the engine's pipe closes, or when asked to", async () => {
    const [dropped, asked] = await Promise.all([start(), start()]);
    dropped.stdin?.destroy();
    asked.kill("SIGINT");
    const ends = await Promise.all([once(dropped, "exit"), once(asked, "exit")]);
    assert.deepEqual(ends, [
      [0, null],
      [0, null],
    ]);
  });

  it("finds the engine's address behind the flags", () => {
    assert.equal(engineAddress(["--logtostderr", "-v=9", "127.0.0.1:5"]), "127.0.0.1:5");
    assert.equal(engineAddress([]), undefined);
  });
});
