import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { Hosts, type HostsArgs } from "../../components/hosts/hosts";
import type { HostBlueprint, LoginBlueprint } from "../../site/blueprint-types";
import { deploy } from "../support/deploy";

const password = "hunter2 'quoted'";
const key = "-----BEGIN OPENSSH PRIVATE KEY-----";

function host(name: string, address: string, login: Partial<LoginBlueprint> = {}): HostBlueprint {
  return {
    name,
    address,
    roles: ["worker"],
    arch: "amd64",
    cpus: 4,
    memoryGiB: 8,
    diskGiB: 100,
    login: { user: "deliver", port: 22, passwordSecret: "sshPassword", sudo: "password", ...login },
    node: true,
    labels: {},
    taints: [],
    preflight: [
      {
        id: "cpus",
        title: "cores",
        severity: "blocking",
        probe: "nproc",
        comparison: "at-least",
        needed: "4",
        unit: "cores",
        remedy: "more",
      },
    ],
  };
}

const rootHost: Partial<LoginBlueprint> = { user: "root", sudo: "none" };

function args(part: Partial<HostsArgs> = {}): HostsArgs {
  return {
    site: "site-a",
    hosts: [host("one", "192.0.2.1"), host("two", "192.0.2.2", rootHost)],
    hostKeys: {
      one: ["ecdsa-sha2-nistp256 AAAAecdsa", "ssh-ed25519 AAAAone comment"],
      two: ["ssh-rsa AAAArsa", "ssh-ed25519 AAAAtwo"],
      bastion: ["ssh-ed25519 AAAAbastion"],
    },
    secrets: { sshPassword: password, sshKey: key },
    baseline: {
      hostsEntries: [{ address: "192.0.2.1", names: ["one"] }],
      sysctl: { "vm.max_map_count": "262144" },
      ntpServers: [],
      timezone: "Etc/UTC",
    },
    ...part,
  };
}

/** Deploys the hosts; `named` finds one of their resources. */
async function deployHosts(given: HostsArgs = args()) {
  const { seen, urns, secretInputs } = await deploy(() => new Hosts("hosts", given));
  const named = (name: string) => {
    const found = seen.find((resource) => resource.name === name);
    assert.ok(found, `nothing is named ${name}`);
    return { inputs: found.inputs, secretInputs: secretInputs(name) };
  };
  return { seen, urns, named };
}

describe("Hosts", () => {
  it("has a preflight and a baseline for each host, named after it, below the component", async () => {
    const { seen, urns } = await deployHosts();
    assert.deepEqual(seen.map(({ name }) => name).sort(), [
      "hosts",
      "hosts-one-baseline",
      "hosts-one-preflight",
      "hosts-two-baseline",
      "hosts-two-preflight",
    ]);
    assert.equal(Hosts.type, "sitewright:hosts:Hosts");
    for (const urn of urns.filter((one) => one.includes("command:remote"))) {
      assert.match(urn, /::sitewright:hosts:Hosts\$command:remote:Command::/);
    }
  });

  it("connects with the pinned key of the best type, and gives up before an account is locked", async () => {
    const { named } = await deployHosts();
    const { connection } = named("hosts-one-preflight").inputs;
    assert.equal(connection.hostKey, "ssh-ed25519 AAAAone");
    assert.equal(connection.password, password);
    assert.equal(connection.privateKey, undefined);
    assert.equal(connection.user, "deliver");
    assert.ok(connection.dialErrorLimit <= 4);
    assert.equal(named("hosts-two-baseline").inputs.connection.hostKey, "ssh-ed25519 AAAAtwo");
  });

  it("goes through the bastion, whose key is pinned as well", async () => {
    const login = { user: "jump", port: 2222, privateKeySecret: "sshKey", sudo: "none" } as const;
    const bastion = { address: "198.51.100.9", login };
    const { named } = await deployHosts(args({ bastion }));
    const { proxy } = named("hosts-two-baseline").inputs.connection;
    assert.equal(proxy.host, "198.51.100.9");
    assert.equal(proxy.port, 2222);
    assert.equal(proxy.hostKey, "ssh-ed25519 AAAAbastion");
    assert.equal(proxy.privateKey, key);
  });

  it("registers nothing at all when a key is missing, and names every host without one", async () => {
    const bastion = { address: "198.51.100.9", login: host("x", "y").login };
    let thrown: unknown;
    const { seen } = await deploy(() => {
      try {
        new Hosts("hosts", args({ bastion, hostKeys: { two: ["ssh-ed25519 AAAA"], one: [] } }));
      } catch (error) {
        thrown = error;
      }
    });
    assert.ok(pulumi.RunError.isInstance(thrown));
    assert.match(thrown.message, /bastion, one.*\n.*\.\/sitewright trust site-a/);
    assert.deepEqual(seen, []);
  });

  it("keeps secrets out of every text, and marks the standard input that holds one", async () => {
    const { named } = await deployHosts();
    for (const name of ["hosts-one-preflight", "hosts-one-baseline"]) {
      const { inputs, secretInputs } = named(name);
      assert.ok(String(inputs.stdin).startsWith(`${password}\n`), name);
      assert.ok(secretInputs.includes("stdin"), name);
      const { stdin: _, connection: __, ...rest } = inputs;
      assert.doesNotMatch(JSON.stringify(rest), /hunter2/);
      assert.ok(!secretInputs.includes("create"), "a preview shows what would run");
    }
    const plain = named("hosts-two-preflight");
    assert.ok(!plain.secretInputs.includes("stdin"), "nothing secret, so its change can be read");
    assert.equal(plain.inputs.create, "sh -s gate");
    assert.equal(named("hosts-two-baseline").inputs.stdin, undefined);
  });

  it("shows in a preview, line by line, what a baseline would change", async () => {
    const { named } = await deployHosts();
    assert.match(named("hosts-one-baseline").inputs.create, /\nhosts='192\.0\.2\.1 one'\n/);
    assert.match(
      named("hosts-one-baseline").inputs.create,
      /\nsysctl='vm\.max_map_count = 262144'\n/,
    );
  });

  it("runs a preflight again only for another address, and a baseline in place", async () => {
    const { named } = await deployHosts();
    const preflight = named("hosts-one-preflight").inputs;
    assert.deepEqual(preflight.triggers, ["192.0.2.1"]);
    assert.equal(preflight.update, "cat >/dev/null");
    const baseline = named("hosts-one-baseline").inputs;
    assert.equal(baseline.triggers, undefined, "the plugin replaces on a changed trigger");
    assert.equal(baseline.update, undefined, "so that its create runs again");
    assert.match(baseline.delete, /takes the baseline away again/);
  });

  it("is the same text in every run, or a preview would never be quiet", async () => {
    const [first, second] = [await deployHosts(), await deployHosts()];
    assert.deepEqual(
      first.seen.map(({ inputs }) => inputs),
      second.seen.map(({ inputs }) => inputs),
    );
  });

  it("refuses sudo with a password for a login without one", async () => {
    const login: LoginBlueprint = {
      user: "a",
      port: 22,
      privateKeySecret: "sshKey",
      sudo: "password",
    };
    const hosts = [{ ...host("one", "192.0.2.1"), login }];
    let thrown: unknown;
    await deploy(() => {
      try {
        new Hosts("hosts", args({ hosts }));
      } catch (error) {
        thrown = error;
      }
    });
    assert.match(String(thrown), /one needs a sudo password/);
  });

  it("sends nothing anywhere when the stack lacks a secret, and says which", async () => {
    await assert.rejects(
      deployHosts(args({ secrets: {} })),
      /property "connection".*secret sshPassword, which sitewright:secrets of site-a/,
    );
  });
});
