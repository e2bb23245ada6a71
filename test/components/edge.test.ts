import assert from "node:assert/strict";
import { ControlPlaneAddress } from "../../components/edge/control-plane-address";
import { Edge } from "../../components/edge/edge";
import type { Blueprint } from "../../site/blueprint-types";
import { deploy } from "../support/deploy";
import { smallEdgeSite } from "../support/edge-sites";
import { resolve, smallSite } from "../support/sites";

const password = "hunter2 'quoted'";

function accessOf({ hosts, site }: Blueprint) {
  const hostKeys = Object.fromEntries(hosts.map(({ name }) => [name, [`ssh-ed25519 AAAA${name}`]]));
  return { site, hosts, hostKeys, secrets: { sshPassword: password } };
}

async function deployEdge(site: ReturnType<typeof smallSite>) {
  const { blueprint } = resolve(site);
  const { edge } = blueprint;
  assert.ok(edge);
  const deployed = await deploy(() => new Edge("e", { ...accessOf(blueprint), edge }));
  const named = (name: string) => {
    const found = deployed.seen.find((resource) => resource.name === name);
    assert.ok(found, `nothing is named ${name}`);
    return found.inputs;
  };
  return { ...deployed, named };
}

describe("Edge", () => {
  it("has one command for each edge host, named after it, and nothing for other hosts", async () => {
    const { seen, urns } = await deployEdge(smallEdgeSite());
    assert.deepEqual(seen.map(({ name }) => name).sort(), ["e", "e-edge-1", "e-edge-2"]);
    assert.equal(Edge.type, "sitewright:edge:Edge");
    assert.ok(
      urns.some((urn) => urn.endsWith("sitewright:edge:Edge$command:remote:Command::e-edge-1")),
    );
  });

  it("sends each host its own files and peers", async () => {
    const { named } = await deployEdge(smallEdgeSite());
    assert.match(
      named("e-edge-1").create,
      /unicast_src_ip 192\.0\.2\.41\n {2}unicast_peer \{\n {4}192\.0\.2\.42\n/,
    );
    assert.match(
      named("e-edge-2").create,
      /unicast_src_ip 192\.0\.2\.42\n {2}unicast_peer \{\n {4}192\.0\.2\.41\n/,
    );
    assert.match(named("e-edge-1").create, /\n {2}bind 192\.0\.2\.40:443\n/);
    assert.equal(named("e-edge-2").connection.host, "192.0.2.42");
    assert.match(named("e-edge-1").delete, /takes shared addresses away from this host/);
  });

  it("runs again in place when a file changes: no trigger that would replace, no update of its own", async () => {
    const { named } = await deployEdge(smallEdgeSite());
    assert.equal(named("e-edge-1").triggers, undefined);
    assert.equal(named("e-edge-1").update, undefined);
  });

  it("keeps the password in the standard input, as a secret, and out of the texts", async () => {
    const { named, secretInputs } = await deployEdge(smallEdgeSite());
    const { stdin, connection: _, ...texts } = named("e-edge-1");
    assert.equal(stdin, `${password}\n`);
    assert.ok(secretInputs("e-edge-1").includes("stdin"));
    assert.doesNotMatch(JSON.stringify(texts), /hunter2/);
    assert.ok(!secretInputs("e-edge-1").includes("create"), "a preview shows what would run");
  });

  it("touches no host where the customer balances, and says what is to be forwarded", async () => {
    const site = smallSite();
    site.edge = { mode: "external", address: "203.0.113.7" };
    const { blueprint } = resolve(site);
    const { edge } = blueprint;
    assert.ok(edge);
    let made: Edge | undefined;
    const { seen } = await deploy(() => {
      made = new Edge("e", { ...accessOf(blueprint), edge });
    });
    assert.deepEqual(
      seen.map(({ name }) => name),
      ["e"],
    );
    assert.deepEqual(
      made?.forwards.map(({ from, to }) => [from, to]),
      [
        ["203.0.113.7:80", ["192.0.2.21:30080", "192.0.2.22:30080"]],
        ["203.0.113.7:443", ["192.0.2.21:30443", "192.0.2.22:30443"]],
      ],
    );
  });

  it("is the same text in every run, or a preview would never be quiet", async () => {
    const runs = [await deployEdge(smallEdgeSite()), await deployEdge(smallEdgeSite())];
    assert.deepEqual(runs[0]?.seen, runs[1]?.seen);
  });

  it("sends nothing to any host while one has no pinned key", async () => {
    const { blueprint } = resolve(smallEdgeSite());
    const { edge } = blueprint;
    assert.ok(edge);
    const access = { ...accessOf(blueprint), hostKeys: { "edge-1": ["ssh-ed25519 AAAA"] } };
    let thrown: unknown;
    const { seen } = await deploy(() => {
      try {
        new Edge("e", { ...access, edge });
      } catch (error) {
        thrown = error;
      }
    });
    assert.match(String(thrown), /no host key is pinned for edge-2/);
    assert.deepEqual(
      seen.filter(({ name }) => name !== "e"),
      [],
    );
  });
});

describe("ControlPlaneAddress", () => {
  it("has one command for each control-plane host, and no proxy", async () => {
    const site = smallSite();
    const [first] = site.hosts;
    site.hosts.push({
      ...first,
      name: "control-2",
      address: "192.0.2.12",
      roles: ["control-plane"],
    });
    site.cluster.endpoint = { mode: "keepalived", address: "192.0.2.10" };
    const { blueprint } = resolve(site);
    const { controlPlaneAddress: keepalived } = blueprint;
    assert.ok(keepalived);
    const { seen } = await deploy(
      () => new ControlPlaneAddress("a", { ...accessOf(blueprint), keepalived }),
    );
    assert.deepEqual(seen.map(({ name }) => name).sort(), ["a", "a-control-1", "a-control-2"]);
    const text = seen.find(({ name }) => name === "a-control-2")?.inputs.create ?? "";
    assert.match(text, /\nhaproxy='\\''|\nhaproxy=''/);
    assert.match(text, /\n {4}192\.0\.2\.10\/32 dev @interface@\n/);
  });
});
