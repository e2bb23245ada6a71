import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { PreflightCheck } from "../../site/blueprint-types";
import { hostPreflight } from "../../site/preflight";
import { catalogue, resolve, sampleSite, smallSite } from "../support/sites";

/** Proves that the probes run and print one value; what they print on a host of the site is for the rehearsal to show. */

const checksOf = (name: string): readonly PreflightCheck[] =>
  sampleSite("site-a").blueprint.hosts.find((host) => host.name === name)?.preflight ?? [];

const check = (host: string, id: string) => {
  const found = checksOf(host).find((check) => check.id === id);
  assert.ok(found, `${host} has no check ${id}`);
  return found;
};

/** Runs a probe as a host would: by a plain POSIX shell. */
function probe(text: string, env: Readonly<Record<string, string>> = {}) {
  const { stdout, status } = spawnSync("sh", ["-c", text], {
    encoding: "utf8",
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...env },
    timeout: 25_000,
  });
  return { value: stdout.trim(), lines: stdout.split("\n").length - 1, status };
}

describe("Preflight checks", () => {
  it("are chosen by role", () => {
    const ids = (host: string) => checksOf(host).map(({ id }) => id);
    assert.ok(ids("control-1").includes("etcd-disk-latency"));
    assert.ok(!ids("worker-1").includes("etcd-disk-latency"));
    assert.ok(ids("worker-1").includes("swap"));
    assert.ok(!ids("registry-1").includes("swap"));
    assert.ok(ids("registry-1").includes("container-runtime"));
  });

  it("ask for what the site states, less what kernel and file system keep", () => {
    assert.equal(check("worker-1", "cpus").needed, "8");
    assert.equal(check("worker-1", "memory").needed, "30");
    assert.equal(check("worker-1", "disk").needed, "180");
  });

  it("ask for what the role needs where a site states less", () => {
    const { site } = resolve(smallSite());
    const [host] = site.hosts;
    assert.ok(host);
    const weak = hostPreflight({ ...host, cpus: 1, memoryGiB: 1, diskGiB: 1 }, catalogue.preflight);
    const needed = (id: string) => weak.find((check) => check.id === id)?.needed;
    assert.deepEqual([needed("cpus"), needed("memory"), needed("disk")], ["2", "3", "36"]);
  });

  it("leave no placeholder and have distinct names", () => {
    for (const { preflight } of sampleSite("site-a").blueprint.hosts) {
      for (const { needed, remedy } of preflight) assert.doesNotMatch(needed + remedy, /[{}]/);
      assert.equal(new Set(preflight.map(({ id }) => id)).size, preflight.length);
    }
  });

  it("name the ports of all of a host's roles", () => {
    assert.equal(
      check("control-1", "ports-free").title,
      "TCP ports 2379, 2380, 6443, 10250, 10257, 10259 are free",
    );
  });

  it("look only at fresh hosts for what is there by right later", () => {
    for (const id of ["ports-free", "leftovers", "container-runtime"]) {
      assert.equal(check("control-1", id).freshHostOnly, true, id);
    }
    assert.equal(check("control-1", "kernel").freshHostOnly, undefined);
  });
});

// Hosts of a site run Linux; the operator's machine need not.
const onLinux = process.platform === "linux" ? describe : describe.skip;

onLinux("Preflight probes", () => {
  const all = new Map(
    ["control-1", "worker-1", "registry-1", "edge-1"].flatMap((host) =>
      checksOf(host).map((check) => [check.probe, check] as const),
    ),
  );
  for (const { id, title, comparison, probe: text } of all.values()) {
    it(`print one value within seconds: ${title}`, () => {
      const { value, lines, status } = probe(text);
      assert.equal(status, 0, id);
      assert.equal(lines, 1, `${id} prints ${lines} lines`);
      assert.doesNotMatch(text, /\n/, id);
      if (comparison === "at-least" || comparison === "at-most") assert.match(value, /^\d+$/, id);
    });
  }

  it("see a port that is taken, and only that", () => {
    // The kernel's table is replaced by one of our own on standard input; 0A is a listening socket.
    const { probe: text } = check("control-1", "ports-free");
    const row = (port: string, state: string) => `0: 00000000:${port} 00000000:0000 ${state}\n`;
    const read = (content: string) =>
      spawnSync("sh", ["-c", text.replace(/^cat .*? \| awk/, "awk")], {
        encoding: "utf8",
        input: content,
      }).stdout.trim();
    assert.equal(read(row("192B", "0A") + row("094B", "01") + row("0016", "0A")), "6443");
    assert.equal(read(row("192B", "0A") + row("094B", "0A") + row("192B", "0A")), "6443,2379");
    assert.equal(read(""), "");
  });

  it("measure the clock against the operator's, either way", () => {
    const { probe: text } = check("control-1", "clock");
    const now = Math.round(Date.now() / 1000);
    const skew = (operator: number) =>
      Number(probe(text, { SITEWRIGHT_NOW: String(operator) }).value);
    assert.ok(skew(now) <= 2);
    assert.ok(Math.abs(skew(now - 100) - 100) <= 2);
    assert.ok(Math.abs(skew(now + 100) - 100) <= 2);
  });
});
