import assert from "node:assert/strict";
import { Product } from "../../components/workload/product";
import { Workload } from "../../components/workload/workload";
import { deploy } from "../support/deploy";
import { workload } from "../support/sites";

const names = async (differences: Parameters<typeof workload>[0]) => {
  const { seen } = await deploy(() => new Workload("web", { workload: workload(differences) }));
  return seen.map(({ name }) => name).sort();
};

describe("Workload", () => {
  it("makes a Deployment with its environment, Service and disruption budget", async () => {
    assert.deepEqual(await names({}), [
      "web",
      "web-config",
      "web-deployment",
      "web-disruption-budget",
      "web-service",
    ]);
  });

  it("gives a StatefulSet a headless Service on top", async () => {
    assert.deepEqual(await names({ kind: "StatefulSet", env: {} }), [
      "web",
      "web-disruption-budget",
      "web-headless-service",
      "web-service",
      "web-stateful-set",
    ]);
  });

  it("makes nothing that a CronJob has no use for", async () => {
    const cronJob = { kind: "CronJob", schedule: "0 1 * * *", env: {}, ports: [] } as const;
    const { maxUnavailable: _, ...base } = workload(cronJob);
    const { seen } = await deploy(() => new Workload("clean-up", { workload: base }));
    assert.deepEqual(seen.map(({ name }) => name).sort(), ["clean-up", "clean-up-cron-job"]);
  });

  it("names Kubernetes objects by the workload and not by the resource", async () => {
    const { one } = await deploy(() => new Workload("elsewhere", { workload: workload() }));
    const { metadata } = one("kubernetes:apps/v1:Deployment").inputs;
    assert.equal(metadata.name, "web");
    assert.equal(metadata.namespace, "parcels");
  });

  it("is the parent of all it makes", async () => {
    const { urns } = await deploy(() => new Workload("web", { workload: workload() }));
    const children = urns.filter((urn) => urn.includes("kubernetes:"));
    assert.equal(children.length, 4);
    for (const urn of children) assert.match(urn, /::sitewright:workload:Workload\$/);
  });
});

describe("Product", () => {
  it("makes its namespaces and puts each workload under its own component", async () => {
    const namespaces = [{ name: "parcels", labels: { team: "post" } }];
    const workloads = [workload({ name: "api" }), workload({ name: "web" })];
    const { seen, one } = await deploy(
      () => new Product("product", { namespaces, workloads, sharedVolumes: [], rules: [] }),
    );
    const components = seen.filter(({ type }) => type === "sitewright:workload:Workload");
    assert.deepEqual(
      components.map(({ name }) => name),
      ["product-api", "product-web"],
    );
    const namespace = one("kubernetes:core/v1:Namespace");
    assert.equal(namespace.name, "product-parcels-namespace");
    assert.deepEqual(namespace.inputs.metadata, { name: "parcels", labels: { team: "post" } });
    assert.match(namespace.urn, /sitewright:workload:Product\$/);
  });
});
