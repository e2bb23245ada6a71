import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessOf, readKubeconfig } from "../../../rehearsal/plugins/kubernetes/client/kubeconfig";

const CURRENT = { context: "", cluster: "" };
const config = {
  "current-context": "one",
  contexts: [
    { name: "one", context: { cluster: "a", user: "admin", namespace: "shop" } },
    { name: "two", context: { cluster: "b", user: "exec" } },
    { name: "lost", context: { cluster: "gone" } },
  ],
  clusters: [
    { name: "a", cluster: { server: "https://a:6443/", "certificate-authority": "ca.pem" } },
    { name: "b", cluster: { server: "https://b:6443", "insecure-skip-tls-verify": true } },
  ],
  users: [
    { name: "admin", user: { "client-key-data": Buffer.from("KEY").toString("base64") } },
    {
      name: "exec",
      user: { exec: { command: "login", args: ["-q"], env: [{ name: "A", value: "1" }] } },
    },
  ],
};

describe("A kubeconfig", () => {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-kubeconfig-"));
  const file = join(folder, "config");
  before(() => {
    writeFileSync(file, JSON.stringify(config));
    writeFileSync(join(folder, "ca.pem"), "CA");
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is a path or a content; its files lie beside it", () => {
    const read = readKubeconfig(file);
    assert.deepEqual(readKubeconfig(JSON.stringify(config)).config, read.config);
    assert.deepEqual(accessOf(read.config, read.folder, CURRENT), {
      server: "https://a:6443",
      namespace: "shop",
      certificateAuthority: "CA",
      insecureSkipTlsVerify: false,
      clientKey: "KEY",
    });
  });

  it("is used with another context or cluster when one is chosen", () => {
    const access = accessOf(config, folder, { context: "two", cluster: "" });
    assert.equal(access.server, "https://b:6443");
    assert.equal(access.insecureSkipTlsVerify, true);
    assert.deepEqual(access.exec, {
      command: "login",
      args: ["-q"],
      env: { A: "1" },
      apiVersion: "",
    });
    assert.equal(accessOf(config, folder, { context: "", cluster: "b" }).server, "https://b:6443");
  });

  it("that lacks something is refused by name", () => {
    const choose = (context: string) => () => accessOf(config, folder, { context, cluster: "" });
    assert.throws(choose("three"), /has no context "three"/);
    assert.throws(choose("lost"), /context "lost" has no cluster with a server/);
  });

  it("that is none is refused without being shown", () => {
    for (const wrong of ["/none/geheim", "geheim: [", "geheim"]) {
      assert.throws(
        () => readKubeconfig(wrong),
        (error: Error) => /kubeconfig/.test(error.message) && !/geheim/.test(error.message),
      );
    }
  });
});
