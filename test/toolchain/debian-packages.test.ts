import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpackPackages } from "../../toolchain/debian-packages";

/** What it cannot show: that apt gives these packages; the rehearsal's journey does. */
describe("Unpacking Debian packages", () => {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-debian-"));
  before(function () {
    try {
      execFileSync("dpkg-deb", ["--version"], { stdio: "ignore" });
    } catch {
      this.skip();
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  function deb(name: string, files: Record<string, string>): string {
    const tree = join(folder, name);
    mkdirSync(join(tree, "DEBIAN"), { recursive: true });
    const control = `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.test>\nDescription: test\n`;
    writeFileSync(join(tree, "DEBIAN", "control"), control);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(tree, path, ".."), { recursive: true });
      writeFileSync(join(tree, path), content);
    }
    execFileSync("dpkg-deb", ["--build", "-Znone", tree, `${tree}.deb`], { stdio: "ignore" });
    return `${tree}.deb`;
  }

  it("merges /lib and /sbin into /usr, so that the machine's links stay visible beneath", async () => {
    const root = join(folder, "root");
    const debs = [
      deb("one", { "lib/x/liba.so": "a", "usr/share/doc/one/copyright": "c" }),
      deb("two", { "usr/lib/x/libb.so": "b", "sbin/tool": "t", "etc/tool.conf": "e" }),
    ];
    await unpackPackages(debs, root, new AbortController().signal);
    assert.equal(readFileSync(join(root, "usr/lib/x/liba.so"), "utf8"), "a");
    assert.equal(readFileSync(join(root, "usr/lib/x/libb.so"), "utf8"), "b");
    assert.equal(readFileSync(join(root, "usr/sbin/tool"), "utf8"), "t");
    assert.equal(readFileSync(join(root, "etc/tool.conf"), "utf8"), "e");
    for (const gone of ["lib", "sbin", "usr/share/doc"]) {
      assert.throws(() => lstatSync(join(root, gone)), /ENOENT/, gone);
    }
    assert.equal(lstatSync(root).mode & 0o777, 0o755);
  });

  it("fails on a package that is cut short", async () => {
    const whole = deb("three", { "etc/three": "3".repeat(20_000) });
    writeFileSync(`${whole}.cut`, readFileSync(whole).subarray(0, 9_000));
    const work = unpackPackages(
      [`${whole}.cut`],
      join(folder, "cut"),
      new AbortController().signal,
    );
    await assert.rejects(work, /cannot be unpacked/);
  });
});
