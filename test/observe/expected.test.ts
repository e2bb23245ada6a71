import assert from "node:assert/strict";
import { expectedTargets } from "../../site/alerting/expected-targets";
import { roomySite, withEdge } from "../support/platform-site";
import { resolve, smallSite } from "../support/sites";

const expectedOf = (site: unknown) => expectedTargets(resolve(site).blueprint);

describe("Targets that a site should have", () => {
  it("are none without monitoring", () => {
    assert.deepEqual(expectedOf(smallSite()), []);
  });

  it("are every node by its address, and etcd where it shows figures", () => {
    const site = roomySite();
    site.monitoring = {};
    const all = expectedOf(site);
    const instances = (job: string) => all.find((one) => one.job === job)?.instances;
    assert.deepEqual(instances("node-exporter"), [
      "192.0.2.11:9100",
      "192.0.2.21:9100",
      "192.0.2.22:9100",
    ]);
    assert.deepEqual(instances("kube-etcd"), ["192.0.2.11:2381"]);
    assert.deepEqual(instances("apiserver"), ["192.0.2.11:6443"]);
    const other = roomySite();
    other.monitoring = {};
    other.cluster = { kubernetes: "v1.34.3", kubekey: "v4.0.6" };
    assert.equal(
      expectedOf(other).some(({ job }) => job === "kube-etcd"),
      false,
    );
  });

  it("are what its parts and machines bring, each with a next step", () => {
    const site = roomySite();
    withEdge(site);
    Object.assign(site, {
      monitoring: { hosts: { machines: { "registry-1": {} } } },
      mesh: {},
      tracing: {},
    });
    const all = expectedOf(site);
    const jobs = new Set(all.map(({ job }) => job));
    for (const job of ["istiod", "istio-proxies", "tracing", "haproxy", "hosts", "harbor"]) {
      assert.ok(jobs.has(job), `no ${job} among ${[...jobs].join(", ")}`);
    }
    assert.deepEqual(all.find(({ job }) => job === "hosts")?.instances, ["192.0.2.31:9100"]);
    for (const { next, what } of all) {
      assert.ok(next.length > 10, what);
      assert.ok(what.length > 3);
    }
  });
});
