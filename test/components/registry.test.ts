import { strict as assert } from "node:assert";
import { Registry } from "../../components/registry/registry";
import { deploy } from "../support/deploy";
import { hostKeys, secrets, stepBlueprint, stepInputs } from "../support/steps";

function registry(change: Parameters<typeof stepBlueprint>[0] = {}) {
  return deploy(
    () => new Registry("registry", { blueprint: stepBlueprint(change), hostKeys, secrets }),
  );
}

/** What these cannot show, that the steps work on a real host, test/journeys shows. */
describe("Registry", () => {
  it("asks for exactly a password and its steps", async () => {
    const { seen } = await registry();
    assert.deepEqual(seen.map((one) => one.name).sort(), [
      "registry",
      "registry-images",
      "registry-init",
      "registry-password",
      "registry-transfer",
      "registry-workdir",
    ]);
  });

  it("makes up no password when the site names one", async () => {
    const { seen } = await registry({ passwordSecret: "harborPassword" });
    assert.ok(!seen.some((one) => one.name === "registry-password"));
    const init = stepInputs(seen, "registry-init");
    assert.equal(init.secrets.registryPassword, secrets.harborPassword);
  });

  it("takes passwords that no shell can misread", async () => {
    const { one } = await registry();
    const { inputs } = one("random:index/randomPassword:RandomPassword");
    assert.deepEqual([inputs.length, inputs.special], [24, false]);
  });

  it("calls its steps by the same text on every machine", async () => {
    const { seen } = await registry();
    const calls = seen.flatMap((one) => (one.inputs.create ? [one.inputs.create] : []));
    assert.deepEqual(calls.sort(), [
      "./sitewright step init-registry",
      "./sitewright step prepare",
      "./sitewright step push-images",
      "./sitewright step transfer",
    ]);
  });

  it("hands secrets over on standard input only, marked as secret", async () => {
    const { seen, secretInputs } = await registry({ passwordSecret: "harborPassword" });
    for (const one of seen.filter(({ inputs }) => inputs.create)) {
      assert.deepEqual(secretInputs(one.name), ["stdin"], one.name);
      const open = JSON.stringify({ ...one.inputs, stdin: undefined });
      for (const secret of Object.values(secrets)) assert.ok(!open.includes(secret), one.name);
    }
  });

  it("gives no step a secret that it does not use", async () => {
    const { seen } = await registry({ passwordSecret: "harborPassword" });
    assert.deepEqual(Object.keys(stepInputs(seen, "registry-transfer").secrets), ["sshPassword"]);
  });

  it("sees no change when a worker joins the site", async () => {
    const before = await registry();
    const after = await registry({ worker: "worker-9" });
    const inputs = (of: typeof before) =>
      of.seen.filter((one) => one.inputs.create).map((one) => [one.name, one.inputs]);
    assert.deepEqual(inputs(after), inputs(before));
  });

  it("sees a new artifact in the transfer and the images, not in the registry itself", async () => {
    const before = await registry();
    const after = await registry({ artifact: "f".repeat(64) });
    const changed = before.seen
      .filter(
        (one, index) => JSON.stringify(one.inputs) !== JSON.stringify(after.seen[index]?.inputs),
      )
      .map((one) => one.name);
    assert.deepEqual(changed.sort(), ["registry-images", "registry-transfer"]);
  });

  it("refuses a host whose key is not pinned", async () => {
    const program = () =>
      new Registry("registry", { blueprint: stepBlueprint(), hostKeys: {}, secrets });
    await assert.rejects(deploy(program), /trust site-t/);
  });

  it("keeps the name of the registry known in a preview", async () => {
    let host: string | undefined;
    await deploy(() => {
      host = new Registry("registry", { blueprint: stepBlueprint(), hostKeys, secrets }).host;
    });
    assert.equal(host, "dockerhub.kubekey.local");
  });
});
