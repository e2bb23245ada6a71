import assert from "node:assert/strict";
import { Checkout, succeeded } from "./support/checkout";

describe("site-b, behind a jump host and through killed runs", function () {
  this.timeout(1_200_000);
  let checkout: Checkout;
  const enter = (...command: string[]) => checkout.run(["enter", "site-b", ...command]);

  before(() => {
    checkout = new Checkout();
  });

  after(async () => {
    await checkout.run(["rehearse", "site-b", "--destroy"]);
    checkout.remove();
  });

  // Moments spread over the whole run: hosts, copying, registry, cluster, workloads.
  const moments = [2, 5, 10, 16, 22];
  for (const seconds of moments) {
    it(`can be killed after ${seconds} s`, async () => {
      const ran = await checkout.run(["rehearse", "site-b", "--keep"], {
        killAfterMs: seconds * 1000,
      });
      assert.ok(ran.code === 137 || ran.code === 0, `exit code ${ran.code}\n${ran.stderr}`);
    });
  }

  it("comes up in the run after that", async () => {
    const ran = await checkout.run(["rehearse", "site-b", "--keep", "--json"]);
    succeeded(ran);
    const result = JSON.parse(ran.stdout);
    assert.equal(result.site, "site-b");
    assert.equal(Object.keys(result.outputs.hosts).length, 3);
  });

  it("shows no change then, and has no operation left open", async () => {
    const preview = ["pulumi", "preview", "-s", "site-b", "--expect-no-changes"];
    const ran = await enter(...preview, "--policy-pack", "policies");
    succeeded(ran);
    assert.doesNotMatch(ran.stdout, /\[(mandatory|advisory)\]/);
    const state = await enter("pulumi", "stack", "export", "-s", "site-b");
    succeeded(state);
    const { deployment } = JSON.parse(state.stdout);
    const pending: { resource: { urn: string } }[] = deployment.pending_operations ?? [];
    assert.deepEqual(
      pending.map(({ resource }) => resource.urn),
      [],
    );
    assert.ok(
      !state.stdout.includes("BEGIN OPENSSH PRIVATE KEY"),
      "no key stands in the state in clear",
    );
  });

  it("lets a change through that comes later", async () => {
    checkout.edit("Pulumi.site-b.yaml", (text) =>
      text.replace("api: {replicas: 1}", "api: {replicas: 2}"),
    );
    const ran = await checkout.run(["rehearse", "site-b", "--keep", "--json"]);
    succeeded(ran);
    assert.equal(JSON.parse(ran.stdout).changes.update, 1, ran.stdout);
  });

  it("refuses what breaks a rule, in a rehearsal and in a preview, and changes nothing", async () => {
    // The release's containers may burst to more than they request: a site that is stricter refuses them.
    const stated = "sitewright:policies: {enforcement: mandatory}";
    const strict = "sitewright:policies: {rules: {resource-limits: {settings: {cpuRatio: 1}}}}";
    checkout.edit("Pulumi.site-b.yaml", (text) => text.replace(stated, strict));
    const refused = await checkout.run(["rehearse", "site-b", "--keep"]);
    assert.equal(refused.code, 7, refused.stderr);
    assert.match(refused.stderr, /resource-limits: .*\n.*needs at most 1 times what is requested/);
    assert.match(refused.stderr, /all that is refused: \.\/sitewright enter site-b pulumi preview/);
    const preview = await enter("pulumi", "preview", "-s", "site-b", "--policy-pack", "policies");
    assert.notEqual(preview.code, 0);
    assert.match(preview.stdout, /resource-limits.*site-product-api-deployment/);
    const held = await enter("./sitewright", "policies", "site-b", "--state", "--json");
    assert.equal(held.code, 3, held.stderr);
    succeeded(await checkout.run(["rehearse", "site-b", "--keep", "--no-policies"]));
    checkout.edit("Pulumi.site-b.yaml", (text) => text.replace(strict, stated));
  });

  const nodes = async () => {
    const ran = await enter("kubectl", "get", "nodes", "-o", "name");
    succeeded(ran);
    return ran.stdout.trim().split("\n").sort();
  };

  it("answers kubectl through the jump host", async () => {
    assert.deepEqual(await nodes(), ["node/control-1", "node/worker-1"]);
  });

  it("takes in a host, starts another anew with more memory, and lets the first go again", async () => {
    const line =
      "      - {name: worker-2, address: 198.51.100.22, roles: [worker], cpus: 8, memoryGiB: 16, diskGiB: 200}\n";
    const before = "      - {name: registry-1,";
    checkout.edit("Pulumi.site-b.yaml", (text) =>
      text
        .replace(before, line + before)
        .replace("cpus: 4, memoryGiB: 8,", "cpus: 4, memoryGiB: 12,")
        // With a second worker the site must say that it knows what local volumes mean.
        .replace("{kind: local}", "{kind: local, local: {dataStaysOnItsNode: true}}"),
    );
    succeeded(await checkout.run(["rehearse", "site-b", "--keep"]));
    assert.deepEqual(await nodes(), ["node/control-1", "node/worker-1", "node/worker-2"]);
    // The restarted control plane works in all its parts: Pods go, and come again.
    succeeded(await enter("kubectl", "delete", "pod/web-0", "-n", "parcels", "--timeout=120s"));
    const back = ["wait", "--for=condition=Ready", "pod/web-0", "-n", "parcels", "--timeout=60s"];
    succeeded(await enter("kubectl", "wait", "--for=create", ...back.slice(2)));
    succeeded(await enter("kubectl", ...back));
    checkout.edit("Pulumi.site-b.yaml", (text) => text.replace(line, ""));
    succeeded(await checkout.run(["rehearse", "site-b", "--keep"]));
    assert.deepEqual(await nodes(), ["node/control-1", "node/worker-1"]);
  });
});
