import assert from "node:assert/strict";
import fc from "fast-check";
import { resourceNames } from "../../../rehearsal/plugins/kubernetes/helm/release-helm";
import { chartValues, mergeValues } from "../../../rehearsal/plugins/kubernetes/helm/values";
import type { KubeObject } from "../../../rehearsal/plugins/kubernetes/objects/kube-object";
import { decodeYaml, expandLists } from "../../../rehearsal/plugins/kubernetes/yaml/decode";
import { decodeFiles } from "../../../rehearsal/plugins/kubernetes/yaml/files";
import { inOrder } from "../../../rehearsal/plugins/kubernetes/yaml/order";

describe("YAML as Kubernetes reads it", () => {
  const table: [text: string, read: unknown][] = [
    ["yes", true],
    ["off", false],
    ["0644", 420],
    ["80:80", "80:80"],
    ["2024-01-02", "2024-01-02"],
    ['"yes"', "yes"],
    ["~", null],
    ["1e3", 1000],
  ];
  for (const [text, read] of table) {
    it(`takes ${text} for ${JSON.stringify(read)}`, () => {
      assert.deepEqual(decodeYaml(`a: ${text}`, "it"), [{ a: read }]);
    });
  }

  it("leaves out empty documents, takes JSON, and follows anchors", () => {
    assert.deepEqual(decodeYaml("---\n---\n# nothing\n---\n{}\n", "it"), []);
    assert.deepEqual(decodeYaml('{"a": [1]}', "it"), [{ a: [1] }]);
    assert.deepEqual(decodeYaml("a: &x {b: 1}\nc: {<<: *x, d: 2}", "it"), [
      { a: { b: 1 }, c: { b: 1, d: 2 } },
    ]);
  });

  it("names the place of a fault", () => {
    assert.throws(
      () => decodeYaml("a: 1\nb: [", "the chart"),
      /^ProviderFailure: the chart is not valid YAML: .*line 2/s,
    );
    assert.throws(
      () => decodeYaml("just text", "the chart"),
      /the chart holds a document that is not an object/,
    );
  });

  it("reads no address, and says so of a file that is not there", () => {
    assert.throws(
      () => decodeFiles("https://here.test/a.yaml", true),
      /reads no YAML from the network/,
    );
    assert.throws(
      () => decodeFiles("/none/a.yaml", false),
      /reading YAML file from disk: .*no such file/,
    );
    assert.deepEqual(decodeFiles("/none/*.yaml", true), []);
  });

  it("takes lists apart, also lists in lists", () => {
    const [a, b] = [{ kind: "A" }, { kind: "B" }];
    const inner = { kind: "BList", items: [b] };
    assert.deepEqual(expandLists([{ kind: "List", items: [a, inner] }, a]), [a, b, a]);
  });
});

describe("The order of a manifest's objects", () => {
  const object = (
    apiVersion: string,
    kind: string,
    name: string,
    more: KubeObject = {},
  ): KubeObject => ({
    apiVersion,
    kind,
    metadata: { name, ...more },
  });
  const crd = {
    ...object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "as.a.test"),
    spec: { group: "a.test", names: { kind: "A" } },
  };
  const custom = object("a.test/v1", "A", "mine");
  const space = object("v1", "Namespace", "space");
  const inside = object("v1", "ConfigMap", "first", { namespace: "space" });
  const later = object("v1", "ConfigMap", "a-later", {
    annotations: { "config.kubernetes.io/depends-on": "/namespaces/space/ConfigMap/first" },
  });

  it("puts before an object its namespace, its kind and what it names, whatever the file's order", () => {
    const all = [crd, custom, space, inside, later];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        const ordered = inOrder(shuffled);
        const at = (one: KubeObject) => ordered.findIndex(({ object: other }) => other === one);
        assert.ok(at(crd) < at(custom) && at(space) < at(inside) && at(inside) < at(later));
        assert.deepEqual(ordered[at(later)]?.dependencies, [inside]);
      }),
    );
  });

  it("is found even when objects name each other in a circle", () => {
    const naming = (name: string, other: string) =>
      object("v1", "ConfigMap", name, {
        namespace: "n",
        annotations: { "config.kubernetes.io/depends-on": `/namespaces/n/ConfigMap/${other}` },
      });
    const names = inOrder([naming("b", "a"), naming("a", "b")]).map(({ object: o }) => o.metadata);
    assert.equal(names.length, 2);
  });
});

describe("Values of a chart", () => {
  it("are merged map by map, the later winning, and a null takes a default away", () => {
    const base = { a: { b: 1, c: 2 }, list: [1, 2] };
    assert.deepEqual(mergeValues(base, { a: { b: null }, list: [3] }), {
      a: { b: null, c: 2 },
      list: [3],
    });
  });

  it("come from files first, and the program's own win", async () => {
    const files = [{ text: "a: 1\nb: 1" }, { text: "b: 2\nc: 2" }];
    assert.deepEqual(await chartValues(files, { c: 3 }), { a: 1, b: 2, c: 3 });
    await assert.rejects(chartValues([{ path: "/none" }], {}), /cannot be read/);
  });
});

describe("Names of a release's objects", () => {
  it("stand by kind and API version, sorted, each once", () => {
    const object = (apiVersion: string, kind: string, name: string, namespace?: string) => ({
      apiVersion,
      kind,
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    });
    const names = resourceNames([
      object("v1", "Service", "b"),
      object("v1", "Service", "a", "n"),
      object("v1", "Service", "b"),
      object("apps/v1", "Deployment", "web"),
    ]);
    assert.deepEqual(names, { "Service/v1": ["b", "n/a"], "Deployment.apps/apps/v1": ["web"] });
  });
});
