import assert from "node:assert/strict";
import fc from "fast-check";
import { definitionsFirst } from "../../policies/definitions-first";
import { type Subject, subject } from "../../policies/support/subject";
import { judged, objectSubject, patchSubject, violations } from "./support/judging";

const route = {
  apiVersion: "traefik.io/v1alpha1",
  kind: "IngressRoute",
  metadata: { name: "web", namespace: "parcels" },
};
const widget = { ...route, apiVersion: "example.com/v1", kind: "Widget" };

/** A component, chart or step. */
const part = (type: string, name: string, more: Partial<Subject> = {}) =>
  subject({ id: `urn:pulumi:a::b::${type}::${name}`, type, name, properties: {}, ...more });

const brings = part("sitewright:definitions:Definitions", "definitions");
const sets = part("command:local:Command", "definitions-sets", { parent: brings.id });
const definition = (group: string, more: Partial<Subject> = {}) =>
  objectSubject(
    {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `widgets.${group}` },
      spec: { group },
    },
    more,
  );

const found = (
  subjects: readonly Subject[],
  setting: Parameters<typeof violations>[2] = {},
): readonly string[] => violations(definitionsFirst, subjects, setting);

const waits = /^IngressRoute parcels\/web: needs to wait for what defines the group traefik\.io: /;

describe("definitions-first", () => {
  describe("lets an object through", () => {
    const platform = part("sitewright:ingress:Ingress", "ingress", { dependsOn: [sets.id] });
    const inPlatform = part("sitewright:ingress:Part", "part", { parent: platform.id });
    const earlier = part("command:local:Command", "earlier", { parent: inPlatform.id });
    for (const [title, more] of [
      ["that waits for the definitions", { dependsOn: [sets.id] }],
      ["that waits for their component", { dependsOn: [brings.id] }],
      ["in a component that does", { parent: platform.id }],
      ["in a component of one that does", { parent: inPlatform.id }],
      ["that waits for something that does", { dependsOn: [earlier.id] }],
    ] as const) {
      it(title, () => {
        const subjects = [objectSubject(route, more), brings, sets, platform, inPlatform, earlier];
        assert.deepEqual(found(subjects), []);
      });
    }
  });

  describe("refuses an object", () => {
    const lonely = part("sitewright:ingress:Ingress", "ingress");
    for (const [title, more] of [
      ["that waits for nothing", {}],
      ["that waits for something else", { dependsOn: [lonely.id] }],
      ["in a component that waits for nothing", { parent: lonely.id }],
      ["that waits for what is not there", { dependsOn: ["urn:gone"] }],
    ] as const) {
      it(title, () => {
        const [violation = "", ...others] = found([
          objectSubject(route, more),
          brings,
          sets,
          lonely,
        ]);
        assert.match(violation, waits);
        assert.deepEqual(others, []);
      });
    }

    it("of two that wait for each other", () => {
      const first = part("command:local:Command", "first");
      const second = part("command:local:Command", "second", { dependsOn: [first.id] });
      const circle = [{ ...first, dependsOn: [second.id] }, second];
      const dependsOn = [first.id];
      assert.equal(found([...circle, objectSubject(route, { dependsOn }), brings]).length, 1);
    });

    it("of a kind that nothing defines", () => {
      const [violation = "", ...others] = found([objectSubject(widget), brings, sets]);
      assert.match(
        violation,
        /^Widget parcels\/web: apiVersion needs a definition of the group exa/,
      );
      assert.deepEqual(others, []);
    });
  });

  describe("of a kind that the stack itself defines", () => {
    const defined = definition("example.com");

    it("lets one through that comes later, or of the same chart", () => {
      const later = objectSubject(widget, { dependsOn: [defined.id] });
      assert.deepEqual(found([defined, later]), []);
      const chart = part("kubernetes:helm.sh/v4:Chart", "chart");
      const parent = chart.id;
      const together = [definition("example.com", { parent }), objectSubject(widget, { parent })];
      assert.deepEqual(found([chart, ...together]), []);
    });

    it("refuses one that does not wait, or waits for another group's", () => {
      const other = definition("example.org");
      const wrong = objectSubject(widget, { dependsOn: [other.id] });
      assert.equal(found([defined, other, wrong]).length, 1);
      assert.equal(found([defined, objectSubject(widget)]).length, 1);
    });
  });

  it("takes what Helm installs by itself for something that may define any kind", () => {
    const release = part("kubernetes:helm.sh/v3:Release", "kubesphere");
    const later = objectSubject(widget, { dependsOn: [release.id] });
    assert.deepEqual(found([release, later]), []);
    assert.equal(found([release, objectSubject(widget)]).length, 1);
  });

  it("asks nothing of Kubernetes' own kinds, patches, and groups that the site names", () => {
    const policy = { ...route, apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };
    const deployment = { ...route, apiVersion: "apps/v1", kind: "Deployment" };
    const pod = { ...route, apiVersion: "v1", kind: "Pod" };
    const subjects = [policy, deployment, pod].map((object) => objectSubject(object));
    assert.deepEqual(found([...subjects, patchSubject(widget)]), []);
    const settings = { groups: ["example.com"] };
    assert.deepEqual(found([objectSubject(widget)], { settings }), []);
  });

  it("asks of files only that the site has such kinds", () => {
    const source = "manifests" as const;
    assert.deepEqual(found([objectSubject(route)], { source }), []);
    assert.equal(found([objectSubject(widget)], { source }).length, 1);
    assert.deepEqual(found([objectSubject(widget), definition("example.com")], { source }), []);
  });

  it("throws at nothing, whatever stands in objects", () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (odd, apiVersion) => {
        const crd = { ...definition("a.b").object, spec: odd };
        judged(definitionsFirst, [
          objectSubject({ apiVersion, kind: "Odd", metadata: { name: "odd" }, spec: odd }),
          objectSubject({ ...crd, metadata: { name: "odd" } }),
          objectSubject(widget),
        ]);
      }),
    );
  });
});
