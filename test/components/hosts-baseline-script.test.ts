import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { baselineRemovalScript, baselineScript } from "../../components/hosts/baseline-script";
import type { BaselineBlueprint } from "../../site/blueprint-types";

const baseline: BaselineBlueprint = {
  hostsEntries: [
    { address: "192.0.2.11", names: ["cp-1", "cp-1.site-a"] },
    { address: "192.0.2.12", names: ["cp-2"] },
  ],
  // A setting no kernel has: the real sysctl refuses it, as a container refuses others.
  sysctl: { "sitewright.none": "1" },
  ntpServers: ["192.0.2.1", "192.0.2.2"],
  timezone: "Asia/Shanghai",
};
const quiet: BaselineBlueprint = { ...baseline, sysctl: {} };
const originalHosts = "127.0.0.1 localhost\n\n# the customer's own\n10.0.0.9 printer\n\n";

/** Every file below a folder with its content, mode and, for a link, its target. */
function tree(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) found[name] = `-> ${readlinkSync(path)}`;
    else if (stat.isFile())
      found[name] = `${(stat.mode & 0o777).toString(8)} ${readFileSync(path, "utf8")}`;
  }
  return found;
}

describe("the baseline script", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "sitewright-baseline-"));
    write("etc/hosts", originalHosts, 0o640);
    write("etc/chrony/chrony.conf", "pool 2.pool.example iburst\nmakestep 1 3");
    write("usr/share/zoneinfo/Asia/Shanghai", "TZif");
    symlinkSync("/usr/share/zoneinfo/Etc/UTC", join(root, "etc/localtime"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    chmodSync(join(root, path), mode);
  }
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const run = (script: string, shell = "sh") =>
    spawnSync(shell, ["-s"], { input: script, encoding: "utf8", timeout: 10_000 });

  it("adds one marked block to the hosts file and keeps the file's mode", () => {
    const done = run(baselineScript("site-a", quiet, root));
    assert.equal(done.status, 0, done.stderr);
    assert.equal(done.stdout, "baseline in place; mark hosts sysctl limits chrony timezone\n");
    const [before, after] = read("etc/hosts").split("# sitewright begins");
    assert.equal(before, originalHosts);
    assert.match(
      after ?? "",
      /\n192\.0\.2\.11 cp-1 cp-1\.site-a\n192\.0\.2\.12 cp-2\n# sitewright ends\n$/,
    );
    assert.equal(lstatSync(join(root, "etc/hosts")).mode & 0o777, 0o640);
    assert.match(
      read("etc/chrony/chrony.conf"),
      /makestep 1 3\n# sitewright begins.*\nserver 192\.0\.2\.1 iburst\nserver 192\.0\.2\.2 iburst\n# sitewright ends\n$/,
    );
    assert.equal(readlinkSync(join(root, "etc/localtime")), "/usr/share/zoneinfo/Asia/Shanghai");
  });

  it("changes nothing when it runs again", () => {
    run(baselineScript("site-a", quiet, root));
    const before = tree(root);
    assert.equal(
      run(baselineScript("site-a", quiet, root)).stdout,
      "baseline in place; nothing to change\n",
    );
    assert.deepEqual(tree(root), before);
  });

  it("replaces its block when the site changes and keeps only the first copy of a file", () => {
    run(baselineScript("site-a", quiet, root));
    const hostsEntries = [{ address: "192.0.2.99", names: ["new"] }];
    const done = run(baselineScript("site-a", { ...quiet, hostsEntries }, root));
    assert.equal(done.stdout, "baseline in place; hosts\n");
    assert.equal(read("etc/hosts").match(/sitewright begins/g)?.length, 1);
    assert.doesNotMatch(read("etc/hosts"), /cp-1/);
    assert.equal(read("var/lib/sitewright/.host/before/etc/hosts"), originalHosts);
  });

  it("takes away exactly what it added, lines that others wrote since then excepted", () => {
    const before = tree(root);
    run(baselineScript("site-a", quiet, root));
    assert.notDeepEqual(tree(root), before);
    assert.equal(run(baselineRemovalScript(root)).status, 0);
    const { "etc/chrony/chrony.conf": chrony, ...rest } = tree(root);
    const { "etc/chrony/chrony.conf": chronyBefore, ...restBefore } = before;
    assert.deepEqual(rest, restBefore);
    assert.equal(chrony?.trim(), chronyBefore, "but for the line break that ended no line before");

    run(baselineScript("site-a", quiet, root));
    writeFileSync(join(root, "etc/hosts"), `${read("etc/hosts")}10.0.0.7 added-later\n`);
    run(baselineRemovalScript(root));
    assert.equal(read("etc/hosts"), `${originalHosts}10.0.0.7 added-later\n`);
    assert.match(run(baselineRemovalScript(root)).stdout, /nothing was left of it/);
  });

  it("says which kernel settings a host refuses, and goes on", () => {
    const done = run(baselineScript("site-a", baseline, root));
    assert.equal(done.status, 0);
    assert.match(done.stderr, /does not let these be set.*: sitewright\.none\n/);
    assert.equal(read("etc/sysctl.d/90-sitewright.conf"), "sitewright.none = 1\n");
  });

  it("uses timesyncd where there is no chrony, and says so where there is neither", () => {
    rmSync(join(root, "etc/chrony"), { recursive: true });
    assert.match(
      run(baselineScript("site-a", quiet, root)).stderr,
      /neither chrony nor systemd-timesyncd/,
    );
    write("etc/systemd/timesyncd.conf", "[Time]\n");
    assert.match(run(baselineScript("site-a", quiet, root)).stdout, /timesyncd/);
    assert.equal(
      read("etc/systemd/timesyncd.conf.d/90-sitewright.conf"),
      "[Time]\nNTP=192.0.2.1 192.0.2.2\n",
    );
    run(baselineRemovalScript(root));
    assert.equal(existsSync(join(root, "etc/systemd/timesyncd.conf.d/90-sitewright.conf")), false);
  });

  it("stops, with the file as it was, when half of its block is gone", () => {
    run(baselineScript("site-a", quiet, root));
    const broken = read("etc/hosts").replace("# sitewright ends\n", "");
    writeFileSync(join(root, "etc/hosts"), broken);
    for (const script of [baselineScript("site-a", quiet, root), baselineRemovalScript(root)]) {
      const done = run(script);
      assert.equal(done.status, 1);
      assert.match(done.stderr, /only one end of the Sitewright block/);
      assert.equal(read("etc/hosts"), broken);
    }
  });

  it("follows a hosts file that is a link, and leaves the link", () => {
    rmSync(join(root, "etc/hosts"));
    write("data/hosts", originalHosts);
    symlinkSync(join(root, "data/hosts"), join(root, "etc/hosts"));
    assert.equal(run(baselineScript("site-a", quiet, root)).status, 0);
    assert.equal(realpathSync(join(root, "etc/hosts")), join(realpathSync(root), "data/hosts"));
    assert.match(read("data/hosts"), /cp-2/);
  });

  it("says when a file cannot be written and leaves what was there", () => {
    rmSync(join(root, "etc/sysctl.d"), { recursive: true, force: true });
    write("etc/sysctl.d", "a file where a folder should be");
    const done = run(baselineScript("site-a", quiet, root));
    assert.equal(done.status, 1);
    assert.match(done.stderr, /sitewright: cannot make .*etc\/sysctl\.d/);
  });

  it("does the same under bash", function () {
    if (spawnSync("bash", ["-c", ":"]).status !== 0) this.skip();
    const before = tree(root);
    run(baselineScript("site-a", quiet, root));
    const etc = () => Object.entries(tree(root)).filter(([name]) => name.startsWith("etc/"));
    const under = etc();
    run(baselineRemovalScript(root), "bash");
    assert.equal(tree(root)["etc/hosts"], before["etc/hosts"]);
    run(baselineScript("site-a", quiet, root), "bash");
    assert.deepEqual(etc(), under);
  });

  it("does nothing at all when it arrives only in part", () => {
    const before = tree(root);
    const script = baselineScript("site-a", quiet, root);
    run(script.slice(0, script.lastIndexOf("main\n")));
    assert.deepEqual(tree(root), before);
  });
});

describe("the baseline's text", () => {
  it("is the same whatever order the settings come in", () => {
    const sysctl = { "vm.swappiness": "1", "fs.file-max": "2" };
    const turned = { "fs.file-max": "2", "vm.swappiness": "1" };
    assert.equal(
      baselineScript("site-a", { ...quiet, sysctl }),
      baselineScript("site-a", { ...quiet, sysctl: turned }),
    );
  });

  it("never lets a value become a line of its own", () => {
    const hostsEntries = [{ address: "192.0.2.1", names: ["a\n0.0.0.0 bank"] }];
    assert.throws(() => baselineScript("site-a", { ...quiet, hostsEntries }), /line break/);
  });
});
