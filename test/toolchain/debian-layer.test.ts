import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DebianLayerMissing,
  ensureDebianLayer,
  missingPrograms,
} from "../../toolchain/debian-layer";

describe("The layer of Debian packages", () => {
  const cache = mkdtempSync(join(tmpdir(), "sitewright-layer-"));
  after(() => rmSync(cache, { recursive: true }));

  it("offline, is this machine's own programs or a report of what to do", async () => {
    const got = await ensureDebianLayer(undefined, { cache, offline: true }).catch(
      (e: unknown) => e,
    );
    if (missingPrograms().length === 0 && process.getuid?.() === 0) {
      assert.ok(!(got instanceof Error), String(got));
      return;
    }
    assert.ok(got instanceof DebianLayerMissing, String(got));
    assert.match(got.message, /next: let apt-get reach its mirrors, or install them yourself/);
    assert.equal(got.exitCode, 5);
    assert.deepEqual(
      readdirSync(cache).filter((name) => name !== "locks" && name !== "tmp"),
      [],
    );
  });
});
