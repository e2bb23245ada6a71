import assert from "node:assert/strict";
import { Checkout, succeeded } from "./support/checkout";

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly uid: string };
    readonly status: { readonly nodeInfo?: { readonly kubeletVersion: string } };
  }[];
}

describe("site-a, one Kubernetes minor on", function () {
  this.timeout(900_000);
  let checkout: Checkout;
  const enter = (...command: string[]) => checkout.run(["enter", "site-a", ...command]);
  const list = async (...command: string[]): Promise<Listed["items"]> => {
    const ran = await enter("kubectl", "get", ...command, "-o", "json");
    succeeded(ran);
    return (JSON.parse(ran.stdout) as Listed).items;
  };
  const versions = async () =>
    new Set((await list("nodes")).map(({ status }) => status.nodeInfo?.kubeletVersion));
  const changedSteps = async () => {
    const ran = await enter("pulumi", "preview", "-s", "site-a", "--json");
    succeeded(ran);
    const { steps } = JSON.parse(ran.stdout.slice(ran.stdout.indexOf("{")));
    return (
      steps
        // A preview may read what the stack had last.
        .filter((step: { op: string }) => step.op !== "same" && step.op !== "read")
        .map((step: { op: string; urn: string }) => `${step.op} ${step.urn.split("::").at(-1)}`)
        .sort()
    );
  };
  const kubeconfig = async () => {
    const args = ["stack", "output", "kubeconfig", "--show-secrets", "-s", "site-a"];
    const ran = await enter("pulumi", ...args);
    succeeded(ran);
    return ran.stdout;
  };

  before(() => {
    checkout = new Checkout();
    checkout.edit("Pulumi.site-a.yaml", (text) => text.replace("v1.33.4", "v1.32.8"));
  });

  after(async () => {
    await checkout.run(["rehearse", "site-a", "--destroy"]);
    checkout.remove();
  });

  it("is upgraded as the preview said, and what runs there runs on", async () => {
    succeeded(await checkout.run(["rehearse", "site-a", "--keep"]));
    assert.deepEqual([...(await versions())], ["v1.32.8"]);
    const before = await list("pods", "-n", "parcels");
    checkout.edit("Pulumi.site-a.yaml", (text) => text.replace("v1.32.8", "v1.33.4"));
    assert.deepEqual(await changedSteps(), [
      "update site-cluster-config",
      "update site-cluster-nodes",
      "update site-registry-images",
      "update site-registry-init",
    ]);
    succeeded(await checkout.run(["rehearse", "site-a", "--keep"]));
    assert.deepEqual([...(await versions())], ["v1.33.4"]);
    const uids = (pods: Listed["items"]) => pods.map(({ metadata }) => metadata.uid).sort();
    assert.deepEqual(uids(await list("pods", "-n", "parcels")), uids(before));
  });

  it("renews its certificates when the site says so", async () => {
    const before = await kubeconfig();
    checkout.edit("Pulumi.site-a.yaml", (text) =>
      text.replace(
        "      endpoint: {mode",
        "      certificatesRenewed: 2026-11\n      endpoint: {mode",
      ),
    );
    assert.deepEqual(await changedSteps(), [
      "create site-cluster-certificates",
      "update site-cluster-kubeconfig",
    ]);
    const ran = await checkout.run(["rehearse", "site-a", "--keep", "--json"]);
    succeeded(ran);
    assert.equal(JSON.parse(ran.stdout).changes.create, 1, ran.stdout);
    assert.notEqual(await kubeconfig(), before);
    assert.deepEqual(await changedSteps(), []);
  });

  it("goes back to no earlier version, and says so", async () => {
    checkout.edit("Pulumi.site-a.yaml", (text) => text.replace("v1.33.4", "v1.32.8"));
    const ran = await checkout.run(["rehearse", "site-a", "--keep"]);
    assert.equal(ran.code, 7, ran.stdout);
    assert.match(ran.stderr, /v1\.33\.4.*v1\.32\.8|v1\.32\.8.*v1\.33\.4/);
    assert.match(ran.stderr, /next: /);
    assert.deepEqual([...(await versions())], ["v1.33.4"]);
  });
});
