import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressScript } from "../../components/edge/address-script";
import { edgeWith, ownEdge } from "../support/edge-sites";

/** The script with every path of a host below a folder, and programs that do nothing but write down their calls. */
describe("A script for shared addresses that is broken off", () => {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-address-"));
  const bin = join(folder, "bin");
  const calls = join(folder, "calls");
  const kill = join(folder, "kill");
  const script = addressScript({
    host: { name: "edge-1", address: "192.0.2.41" },
    keepalived: ownEdge(edgeWith()).keepalived,
  }).replace(/\/(?=(etc|var\/lib|usr\/libexec|run\/systemd)\/)/g, `${folder}/`);

  const program = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const run = () => {
    writeFileSync(calls, "");
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    const ended = spawnSync("sh", ["-s"], { input: script, encoding: "utf8", env });
    return { ...ended, reloads: readFileSync(calls, "utf8").match(/keepalived reload/g) ?? [] };
  };

  before(() => {
    mkdirSync(bin);
    for (const name of ["keepalived", "bash", "sleep", "restorecon", "firewall-cmd"]) {
      program(name, "exit 0");
    }
    program("ip", 'case "$*" in *"to 192.0.2.41") echo "2: eth0 inet 192.0.2.41/24" ;; esac');
    program(
      "service",
      `echo "$@" >>${calls}\n[ "$2" != reload ] || [ ! -e ${kill} ] || kill -KILL $PPID`,
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  it("lets keepalived take its files up in the next run, and in none after that", () => {
    writeFileSync(kill, "");
    assert.equal(run().signal, "SIGKILL");
    rmSync(kill);
    const next = run();
    assert.equal(next.status, 0, next.stderr);
    assert.equal(next.reloads.length, 1);
    const after = run();
    assert.match(after.stdout, /nothing to change/);
    assert.equal(after.reloads.length, 0);
  });
});
