import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utils } from "ssh2";
import { parse } from "yaml";
import { readSecrets } from "../../cli/secrets";
import { checkAuthority } from "../../components/certificates/given-authority";
import { simulationOf } from "../../rehearsal/run/simulation";
import { standInSecrets, withSecrets } from "../../rehearsal/run/stand-in-secrets";
import type { Blueprint } from "../../site/blueprint-types";
import { loadSite, projectRoot } from "../../site/load";
import { blueprintWith, roomySite } from "../support/platform-site";

const { blueprint } = loadSite("site-b");
const stackFile = readFileSync(join(projectRoot, "Pulumi.site-b.yaml"), "utf8");

describe("Secrets that stand in for a site's own", () => {
  const secrets = standInSecrets(blueprint);

  it("cover every name that the site uses, each time with other values", () => {
    assert.deepEqual(Object.keys(secrets).sort(), [...blueprint.secretNames].sort());
    const again = standInSecrets(blueprint);
    for (const name of blueprint.secretNames) assert.notEqual(secrets[name], again[name]);
  });

  it("are keys where the site logs in with keys, and safe words elsewhere", () => {
    const login = blueprint.hosts[0]?.login;
    assert.ok(login?.privateKeySecret, "site-b logs in with a key");
    const key = utils.parseKey(secrets[login.privateKeySecret] ?? "");
    assert.ok(!(key instanceof Error), "the key is readable");
    const keys = new Set([login.privateKeySecret, blueprint.bastion?.login.privateKeySecret]);
    for (const name of blueprint.secretNames.filter((name) => !keys.has(name))) {
      assert.match(secrets[name] ?? "", /^[A-Za-z0-9]{24}$/);
      for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/]) assert.match(secrets[name] ?? "", kind);
    }
  });

  it("are an authority that may sign where the site is given one", () => {
    const site = roomySite();
    site.certificates = {
      authority: { certificateSecret: "sshPassword", keySecret: "sshPassword" },
    };
    const authority = { certificateSecret: "caCertificate", keySecret: "caKey" };
    const { platform, ...rest } = blueprintWith(site);
    const certificates = { ...platform.certificates, authority: { kind: "given", ...authority } };
    const made = standInSecrets({ ...rest, platform: { ...platform, certificates } } as Blueprint);
    checkAuthority(authority, made);
  });

  it("can be read back with their passphrase, and change nothing else in the stack file", async () => {
    const changed = withSecrets(stackFile, secrets, "another passphrase");
    const { config: before } = parse(stackFile);
    const { config: after } = parse(changed);
    assert.deepEqual(after["sitewright:site"], before["sitewright:site"]);
    for (const value of Object.values(secrets)) assert.ok(!changed.includes(value));
    const root = mkdtempSync(join(tmpdir(), "sitewright-secrets-"));
    try {
      writeFileSync(join(root, "Pulumi.site-b.yaml"), changed);
      const env = { PULUMI_CONFIG_PASSPHRASE: "another passphrase" };
      assert.deepEqual(await readSecrets({ root, site: "site-b", env }), secrets);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe("The simulation of a site", () => {
  it("has the site's hosts at their addresses with their sizes, and only the bastion in reach", () => {
    const secrets = standInSecrets(blueprint);
    const simulated = simulationOf(blueprint, secrets);
    assert.deepEqual(
      simulated.hosts.map(({ name, address, cpus, memoryGiB }) => [name, address, cpus, memoryGiB]),
      blueprint.hosts.map(({ name, address, cpus, memoryGiB }) => [name, address, cpus, memoryGiB]),
    );
    assert.equal(simulated.bastion?.address, blueprint.bastion?.address);
    assert.equal(simulated.directAccess, false);
    assert.deepEqual(simulated.subnets, ["198.51.100.0/24"]);
  });

  it("lets the site's own key in", () => {
    const simulated = simulationOf(blueprint, standInSecrets(blueprint));
    assert.match(simulated.hosts[0]?.logins[0]?.authorizedKeys[0] ?? "", /^ssh-ed25519 AAAA/);
  });

  it("keeps the address of an endpoint that moves between hosts free", () => {
    const { cluster } = blueprint;
    const endpoint = { ...cluster.endpoint, mode: "kube-vip" as const, address: "198.51.100.200" };
    const moved = { ...blueprint, cluster: { ...cluster, endpoint } };
    assert.deepEqual(simulationOf(moved, standInSecrets(blueprint)).extraAddresses, [
      "198.51.100.200",
    ]);
  });

  it("has a machine for each balancer of the customer's", () => {
    const { cluster } = blueprint;
    const endpoint = { ...cluster.endpoint, mode: "external" as const, address: "198.51.100.200" };
    const moved = { ...blueprint, cluster: { ...cluster, endpoint } };
    const simulated = simulationOf(moved, standInSecrets(blueprint));
    const balancer = simulated.hosts.at(-1);
    assert.equal(balancer?.name, "customer-balancer");
    assert.equal(balancer?.address, "198.51.100.200");
    assert.match(
      balancer?.haproxy ?? "",
      /bind :6443\n {2}server control-1 198\.51\.100\.11:6443 /,
    );
    assert.deepEqual(simulated.extraAddresses, []);
  });
});
