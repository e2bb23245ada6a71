import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SecretValues } from "../../components/workload/secret-values";
import { Workload } from "../../components/workload/workload";
import { deploy } from "../support/deploy";
import { workload } from "../support/sites";

const reads = workload({ secretEnv: { PASSWORD: "smtp-key" }, secretFiles: { "/key": "token" } });

/** A workload with a given and a random secret, under these values of the stack. */
function made(secrets: Record<string, string>) {
  return deploy(() => {
    const wanted = [
      { name: "smtp-key", given: "smtpKey" },
      { name: "token", length: 20 },
    ];
    const values = new SecretValues("values", { wanted, secrets: pulumi.secret(secrets) });
    new Workload("web", { workload: reads, secrets: values });
  });
}

describe("Values of secrets", () => {
  it("are made once for each random secret, with a random text that keys what Pods show of them", async () => {
    const { seen } = await made({ smtpKey: "geheim" });
    const random = seen.filter(({ type }) => type.startsWith("random:"));
    assert.deepEqual(random.map(({ name, inputs }) => [name, inputs.length]).sort(), [
      ["values-salt", 32],
      ["values-token", 20],
    ]);
    for (const { urn } of random) assert.match(urn, /sitewright:workload:SecretValues\$/);
  });

  it("stand in the workload's Secret under their names, and nowhere else", async () => {
    const { seen, one, secretInputs } = await made({ smtpKey: "geheim" });
    const { inputs, name } = one("kubernetes:core/v1:Secret");
    assert.equal(inputs.stringData["smtp-key"], "geheim");
    assert.deepEqual(Object.keys(inputs.stringData).sort(), ["smtp-key", "token"]);
    assert.ok(secretInputs(name).includes("stringData"));
    const others = seen.filter((resource) => resource.name !== name);
    assert.doesNotMatch(JSON.stringify(others), /geheim/);
  });

  it("start Pods anew when one of them changes, and only then", async () => {
    const hash = async (secrets: Record<string, string>) => {
      const { inputs } = (await made(secrets)).one("kubernetes:apps/v1:Deployment");
      return inputs.spec.template.metadata.annotations["sitewright/secrets-hash"];
    };
    const first = await hash({ smtpKey: "geheim" });
    assert.match(first, /^[0-9a-f]{16}$/);
    assert.equal(await hash({ smtpKey: "geheim", other: "x" }), first);
    assert.notEqual(await hash({ smtpKey: "anders" }), first);
  });
});
