import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster/cluster";
import { deploy } from "../support/deploy";
import { hostKeys, secrets, stepBlueprint, stepInputs } from "../support/steps";

function cluster(change: Parameters<typeof stepBlueprint>[0] = {}, keys = hostKeys) {
  const blueprint = stepBlueprint(change);
  return deploy(
    () =>
      new Cluster("cluster", {
        blueprint,
        hostKeys: keys,
        secrets,
        registryPassword: pulumi.secret("hunter-made"),
      }),
  );
}

/** What these cannot show, that the steps work on a real host, test/journeys shows. */
describe("Cluster", () => {
  it("asks for exactly its steps", async () => {
    const { seen } = await cluster();
    assert.deepEqual(seen.map((one) => [one.name, one.inputs.create, one.inputs.delete]).sort(), [
      ["cluster", undefined, undefined],
      ["cluster-config", "./sitewright step configure", undefined],
      ["cluster-kubeconfig", "./sitewright step kubeconfig", undefined],
      ["cluster-nodes", "./sitewright step cluster", "./sitewright step delete-cluster"],
      ["cluster-trust", "./sitewright step trust-registry", undefined],
    ]);
  });

  it("renews certificates for a new month, fetches the kubeconfig again, and does nothing else", async () => {
    const request = async (certificatesRenewed: string) => {
      const { seen } = await cluster({ certificatesRenewed });
      return new Map(seen.map((one) => [one.name, JSON.stringify(one.inputs)]));
    };
    const [without, first, second] = [
      new Map((await cluster()).seen.map((one) => [one.name, JSON.stringify(one.inputs)])),
      await request("2026-11"),
      await request("2027-10"),
    ];
    const changed = (from: Map<string, string>, to: Map<string, string>) =>
      [...to].filter(([name, inputs]) => from.get(name) !== inputs).map(([name]) => name);
    assert.deepEqual(changed(without, first).sort(), [
      "cluster-certificates",
      "cluster-kubeconfig",
    ]);
    assert.deepEqual(changed(first, second).sort(), ["cluster-certificates", "cluster-kubeconfig"]);
  });

  it("leaves the kubeconfig alone in an upgrade, so that its preview can look into the cluster", async () => {
    const [before, after] = [await cluster(), await cluster({ kubernetes: "v1.32.8" })];
    const kubeconfig = ({ seen }: typeof before) =>
      seen.find(({ name }) => name === "cluster-kubeconfig")?.inputs;
    assert.ok(kubeconfig(before));
    assert.deepEqual(kubeconfig(after), kubeconfig(before));
  });

  it("hands secrets over on standard input only, marked as secret", async () => {
    const { seen, secretInputs } = await cluster();
    for (const one of seen.filter(({ inputs }) => inputs.create)) {
      assert.deepEqual(secretInputs(one.name), ["stdin"], one.name);
      const open = JSON.stringify({ ...one.inputs, stdin: undefined });
      assert.doesNotMatch(open, /hunter-/, one.name);
    }
  });

  it("names its secrets and no others", async () => {
    const { seen } = await cluster();
    assert.deepEqual(stepInputs(seen, "cluster-nodes").secrets, {
      registryPassword: "hunter-made",
      sshPassword: "hunter-ssh",
    });
    assert.deepEqual(stepInputs(seen, "cluster-kubeconfig").secrets, { sshPassword: "hunter-ssh" });
  });

  it("shows a host that joins by its name, and leaves the kubeconfig alone", async () => {
    const before = await cluster();
    const after = await cluster({ worker: "worker-9" });
    const changed = before.seen
      .filter(
        (one, index) => JSON.stringify(one.inputs) !== JSON.stringify(after.seen[index]?.inputs),
      )
      .map((one) => one.name);
    assert.deepEqual(changed.sort(), ["cluster-config", "cluster-nodes", "cluster-trust"]);
    const { request } = stepInputs(after.seen, "cluster-nodes");
    assert.equal(request.hosts["worker-9"].address, "192.0.2.29");
    const { hosts } = stepInputs(before.seen, "cluster-nodes").request;
    assert.deepEqual(
      { ...request.hosts, "worker-9": undefined },
      { ...hosts, "worker-9": undefined },
    );
  });

  it("sees no change in another comment of a pinned key", async () => {
    const commented = new Proxy({}, { get: (_, name) => [`ssh-ed25519 AAAA${String(name)}`] });
    const [one, other] = [await cluster(), await cluster({}, commented)];
    assert.deepEqual(
      one.seen.map((seen) => seen.inputs),
      other.seen.map((seen) => seen.inputs),
    );
  });

  it("logs progress only: what a step prints may be the kubeconfig", async () => {
    const { seen } = await cluster();
    for (const { inputs } of seen.filter((one) => one.inputs.create)) {
      assert.equal(inputs.logging, "stderr");
      assert.equal(inputs.addPreviousOutputInEnv, false);
    }
  });

  it("keeps the kubeconfig a secret", async () => {
    let secret: Promise<boolean> | undefined;
    await deploy(() => {
      const made = new Cluster("cluster", {
        blueprint: stepBlueprint(),
        hostKeys,
        secrets,
        registryPassword: "x",
      });
      secret = pulumi.isSecret(made.kubeconfig);
    });
    assert.equal(await secret, true);
  });
});
