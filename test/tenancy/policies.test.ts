import assert from "node:assert/strict";
import type { PolicyBlueprint } from "../../site/platform/tenancy-types";
import { resolve, smallSite } from "../support/sites";

/** Policies of a namespace of a site, by name. */
function policies(site: object, namespace: string): Readonly<Record<string, PolicyBlueprint>> {
  const { tenancy } = resolve(site).blueprint.platform;
  assert.ok(tenancy !== undefined);
  const all = [tenancy.product, ...tenancy.workspaces].flatMap((one) => one.namespaces);
  const found = all.find((one) => one.name === namespace);
  assert.ok(found !== undefined, `no ${namespace}`);
  return Object.fromEntries(found.policies.map((policy) => [policy.name, policy]));
}

const tenants = (web: object = {}, jobs: object = {}) => ({
  workspaces: { sorting: { namespaces: { web, jobs } } },
});
const rule = { namespaces: [], cidrs: [], ownPods: false, ports: [] };

describe("Network policies of a namespace", () => {
  it("open nothing by default but the namespace itself, names, and monitoring", () => {
    const found = policies({ ...smallSite(), tenancy: tenants() }, "site-t-sorting-web");
    assert.deepEqual(Object.keys(found), ["deny-by-default", "within-namespace", "platform"]);
    assert.deepEqual(found["deny-by-default"], {
      name: "deny-by-default",
      ingress: [],
      egress: [],
    });
    const dns = [
      { port: 53, protocol: "UDP" },
      { port: 53, protocol: "TCP" },
    ];
    assert.deepEqual(found.platform?.egress, [
      { ...rule, namespaces: ["kube-system"], cidrs: ["169.254.25.10/32"], ports: dns },
    ]);
    assert.deepEqual(found.platform?.ingress, [{ ...rule, namespaces: ["monitoring"] }]);
  });

  it("hold for the product's namespaces alike", () => {
    const site = { ...smallSite(), tenancy: {} };
    assert.deepEqual(Object.keys(policies(site, "parcels")).length, 3);
  });

  it("let the mesh and the ways in through where there are any", () => {
    const site = { ...smallSite(), mesh: {}, tenancy: tenants() };
    const { platform } = policies(site, "parcels");
    assert.deepEqual(platform?.ingress[0]?.namespaces, ["istio-ingress", "monitoring"]);
    const control = {
      ...rule,
      namespaces: ["istio-system"],
      ports: [{ port: 15_012, protocol: "TCP" }],
    };
    assert.deepEqual(platform?.egress[1], control);
  });

  it("take an ambient mesh's port with every exception between namespaces, and its probes", () => {
    const allow = [{ from: { namespace: "sorting/jobs" }, ports: [8080] }];
    const site = { ...smallSite(), mesh: { mode: "ambient" }, tenancy: tenants({ allow }) };
    const { exceptions, platform } = policies(site, "site-t-sorting-web");
    assert.deepEqual(
      exceptions?.ingress[0]?.ports.map(({ port }) => port),
      [8080, 15_008],
    );
    assert.deepEqual(platform?.ingress[0]?.cidrs, ["169.254.7.127/32"]);
  });

  it("let Pods call the API servers where a namespace says so", () => {
    const site = { ...smallSite(), tenancy: tenants({ callsApi: true }) };
    assert.deepEqual(policies(site, "site-t-sorting-web").platform?.egress[1], {
      ...rule,
      cidrs: ["192.0.2.11/32"],
      ports: [{ port: 6443, protocol: "TCP" }],
    });
    assert.equal(policies(site, "site-t-sorting-jobs").platform?.egress.length, 1);
  });

  it("open both ends of an exception that one of them states", () => {
    const allow = [{ to: { namespace: "parcels" }, ports: [9898] }];
    const site = { ...smallSite(), tenancy: tenants({ allow }) };
    const ports = [{ port: 9898, protocol: "TCP" }];
    assert.deepEqual(policies(site, "site-t-sorting-web").exceptions, {
      name: "exceptions",
      ingress: [],
      egress: [{ ...rule, namespaces: ["parcels"], ports }],
    });
    assert.deepEqual(policies(site, "parcels").exceptions, {
      name: "exceptions",
      ingress: [{ ...rule, namespaces: ["site-t-sorting-web"], ports }],
      egress: [],
    });
    assert.equal(policies(site, "site-t-sorting-jobs").exceptions, undefined);
  });

  it("open networks outside in one direction only", () => {
    const allow = [{ to: { cidr: "192.0.2.128/28" } }];
    const { exceptions } = policies(
      { ...smallSite(), tenancy: tenants({ allow }) },
      "site-t-sorting-web",
    );
    assert.deepEqual(exceptions?.egress, [{ ...rule, cidrs: ["192.0.2.128/28"] }]);
    assert.deepEqual(exceptions?.ingress, []);
  });
});
