import assert from "node:assert/strict";
import { exemptedObjects } from "../../components/support/exempted-objects";
import { exemptionFrom } from "../../policies/support/exemptions";
import { subject } from "../../policies/support/subject";
import { loadCatalogue } from "../../site/catalogue";
import { type ExemptionBlueprint, siteExemptions } from "../../site/exemptions";
import { noPart } from "../../site/platform/parts";
import type { ExemptionCatalogue } from "../../site/schema/exemptions";
import { makeProject } from "../support/projects";

const said = {
  kind: "DaemonSet",
  name: "eyes",
  rule: "host-paths",
  until: "2027-12",
  reason: "It looks at the node, and its chart has no key for that.",
};

const catalogue: ExemptionCatalogue = {
  istiod: [said, { ...said, namespace: "kube-system" }],
  zipkin: [{ ...said, namespace: "tracing" }],
  traefik: [said],
};

const istiod = { chart: "istiod", version: "1.30.3", release: "istiod", namespace: "mesh" };

const ofDaemonSet = (
  exemptions: readonly ExemptionBlueprint[],
  metadata: object = { name: "eyes", namespace: "mesh" },
) => {
  const props = { apiVersion: "apps/v1", kind: "DaemonSet", metadata };
  const type = "kubernetes:apps/v1:DaemonSet";
  return exemptedObjects(exemptions)({ type, name: "eyes", props, opts: {} });
};

describe("Exemptions of third parties", () => {
  it("of a chart hold where it is installed, unless they name a place; other charts' do not come along", () => {
    const parts = [
      { ...noPart, charts: [istiod] },
      { ...noPart, programs: ["zipkin"] },
    ];
    const found = siteExemptions(catalogue, parts);
    assert.deepEqual(
      found.map(({ madeBy, namespace }) => `${madeBy} ${namespace}`),
      ["istiod mesh", "istiod kube-system", "zipkin tracing"],
    );
  });

  it("hold for each installation of a chart, and once for a program of several parts", () => {
    const parts = [
      { ...noPart, charts: [istiod, { ...istiod, namespace: "other" }], programs: ["zipkin"] },
      { ...noPart, programs: ["zipkin"] },
    ];
    assert.deepEqual(
      siteExemptions(catalogue, parts).map(({ madeBy, namespace }) => `${madeBy} ${namespace}`),
      ["istiod mesh", "istiod kube-system", "istiod other", "istiod kube-system", "zipkin tracing"],
    );
  });

  it("stand on the object as the rules read them", () => {
    const exemption = { ...said, madeBy: "istiod", namespace: "mesh" };
    const changed = ofDaemonSet([exemption]);
    const judged = subject({ id: "1", type: "", name: "", properties: changed?.props ?? {} });
    const state = exemptionFrom({ name: "host-paths" }, judged, "2026-11");
    assert.equal(state.kind, "holds");
    assert.equal(state.kind === "holds" && state.exemption.reason, said.reason);
    assert.equal(exemptionFrom({ name: "pod-security" }, judged, "2026-11").kind, "none");
  });

  it("leave other annotations alone, and several rules each have their own", () => {
    const exemption = { ...said, madeBy: "istiod", namespace: "mesh" };
    const metadata = { name: "eyes", namespace: "mesh", annotations: { own: "1" } };
    const changed = ofDaemonSet([exemption, { ...exemption, rule: "probes" }], metadata);
    assert.deepEqual(Object.keys(changed?.props.metadata.annotations), [
      "own",
      "policy.sitewright.io/host-paths",
      "policy.sitewright.io/probes",
    ]);
  });

  it("change no object of another name, kind or namespace", () => {
    const exemption = { ...said, madeBy: "istiod", namespace: "mesh" };
    assert.equal(ofDaemonSet([exemption], { name: "ears", namespace: "mesh" }), undefined);
    assert.equal(ofDaemonSet([exemption], { name: "eyes", namespace: "parcels" }), undefined);
    assert.equal(ofDaemonSet([{ ...exemption, kind: "Deployment" }]), undefined);
    assert.equal(ofDaemonSet([]), undefined);
  });

  it("find an object of the cluster by kind and name", () => {
    const exemption = { ...said, madeBy: "istiod", namespace: "mesh" };
    assert.ok(ofDaemonSet([exemption], { name: "eyes" }) !== undefined);
  });

  it("are refused for a chart or program that nobody knows, and without a reason or an end", () => {
    const project = makeProject();
    const { kind, name, rule, until, reason } = said;
    const refused = (madeBy: string, entry: object) => {
      project.write("catalogue/exemptions.yaml", JSON.stringify({ [madeBy]: [entry] }));
      return () => loadCatalogue(project.root);
    };
    try {
      assert.throws(
        refused("istoid", said),
        /catalogue\/exemptions\.yaml:1 {2}istoid {2}needs a chart or program; given "istoid"; next: write istiod/,
      );
      assert.throws(
        refused("istiod", { kind, name, rule, until }),
        /istiod\[0\]\.reason {2}needs a reason in one line/,
      );
      assert.throws(refused("istiod", { kind, name, rule, reason }), /until {2}needs a month/);
      assert.doesNotThrow(refused("istiod", said));
    } finally {
      project.remove();
    }
  });
});
