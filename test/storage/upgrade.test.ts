import assert from "node:assert/strict";
import fc from "fast-check";
import { runningCeph, upgradeRefusal } from "../../cli/step/storage/upgrade";
import { rookUpgradeFault } from "../../site/platform/storage-upgrade";

describe("Upgrades of Rook", () => {
  const table: readonly [string, string, string | undefined][] = [
    ["v1.20.5", "v1.20.6", undefined],
    ["v1.20.6", "v1.20.6", undefined],
    ["v1.19.5", "v1.20.6", undefined],
    ["v1.19.10", "v1.20.6", undefined],
    ["v1.19.4", "v1.20.6", "v1.19.5 or later"],
    ["v1.18.9", "v1.20.6", "one minor at a time"],
    ["v1.18.0", "v1.19.0", undefined],
    ["v1.20.7", "v1.20.6", "no way back"],
    ["v1.21.0", "v1.20.6", "no way back"],
    ["v2.0.0", "v1.20.6", "no way back"],
    ["v0.9.9", "v1.0.0", "one minor at a time"],
    ["master", "v1.20.6", "a released version"],
    ["", "v1.20.6", "a released version"],
  ];
  for (const [from, to, fault] of table) {
    it(`from ${from || "nothing"} to ${to} ${fault === undefined ? "may be" : `need ${fault}`}`, () => {
      const found = rookUpgradeFault(from, to);
      if (fault === undefined) assert.equal(found, undefined);
      else assert.ok(found?.needed.includes(fault), found?.needed);
    });
  }

  it("never skip a minor and never go back, whatever the versions", () => {
    const version = fc.tuple(fc.nat(3), fc.nat(30), fc.nat(12));
    const text = (parts: readonly number[]) => `v${parts.join(".")}`;
    fc.assert(
      fc.property(version, version, (from, to) => {
        if (rookUpgradeFault(text(from), text(to)) !== undefined) return;
        assert.equal(from[0], to[0]);
        assert.ok(to[1] - from[1] === 0 || to[1] - from[1] === 1);
        assert.ok(to[1] > from[1] || to[2] >= from[2]);
      }),
    );
  });
});

describe("The look before an upgrade", () => {
  const image = (tag: string) => `dockerhub.kubekey.local/ceph/ceph:${tag}`;
  const operator = (tag: string) => ({
    spec: { template: { spec: { containers: [{ image: `r.local:5000/rook/ceph:${tag}` }] } } },
  });
  const cluster = (tag: string, health?: string) => ({
    spec: { cephVersion: { image: image(tag) } },
    status: { phase: "Ready", ...(health && { ceph: { health } }) },
  });
  const wanted = { rook: "v1.20.6", image: image("v20.2.4") };
  const refusal = (...objects: Parameters<typeof runningCeph>) =>
    upgradeRefusal(runningCeph(...objects), wanted);

  it("allows a site without Rook, and one that is as wanted whatever its health", () => {
    assert.equal(refusal(undefined, undefined), undefined);
    assert.equal(refusal(operator("v1.20.6"), undefined), undefined);
    assert.equal(refusal(operator("v1.20.6"), cluster("v20.2.4", "HEALTH_ERR")), undefined);
  });

  it("allows the next version while Ceph is well, or only warns", () => {
    for (const health of ["HEALTH_OK", "HEALTH_WARN"]) {
      assert.equal(refusal(operator("v1.19.9"), cluster("v19.2.3", health)), undefined);
    }
  });

  it("refuses any change while Ceph is ill or does not tell, with what to do", () => {
    for (const health of ["HEALTH_ERR", undefined]) {
      for (const from of ["v1.20.5", "v1.20.6"]) {
        const found = refusal(operator(from), cluster("v20.2.3", health));
        assert.match(found?.message ?? "", /an upgrade needs HEALTH_OK, and nothing was changed/);
        assert.match(found?.nextStep ?? "", /ceph health detail/);
      }
    }
  });

  it("refuses a version that cannot become the wanted one", () => {
    const found = refusal(operator("v1.18.2"), cluster("v19.2.3", "HEALTH_OK"));
    assert.match(found?.message ?? "", /Rook v1.18.2 runs here and cannot become v1.20.6/);
    assert.equal(found?.exitCode, 6);
  });

  it("does not take a registry's port for a version", () => {
    const containers = [{ image: "r.local:5000/rook/ceph:v1.19.9@sha256:0123" }];
    const found = runningCeph({ spec: { template: { spec: { containers } } } }, undefined);
    assert.equal(found.rook, "v1.19.9");
  });
});
