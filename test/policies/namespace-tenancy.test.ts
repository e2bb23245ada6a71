import assert from "node:assert/strict";
import { namespaceTenancy } from "../../policies/namespace-tenancy";
import { catalogue } from "../support/sites";
import { objectSubject, patchSubject, siteA, unknown, violations } from "./support/judging";
import { deployment } from "./support/sample-objects";

const namespace = (name: unknown, labels: Record<string, unknown> = {}) =>
  objectSubject({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });

const inNamespace = (name: unknown, kind = "ConfigMap") =>
  objectSubject({ apiVersion: "v1", kind, metadata: { name: "thing", namespace: name } });

const ofSorting = { "sitewright/workspace": "sorting" };

const found = (...subjects: Parameters<typeof violations>[1]) =>
  violations(namespaceTenancy, subjects);

describe("namespace-tenancy", () => {
  it("lets namespaces of the product, of a workspace, of its runner and of the platform through", () => {
    const all = [
      namespace("parcels"),
      namespace("site-a-sorting-web", ofSorting),
      namespace("site-a-sorting-runner", ofSorting),
      namespace("monitoring"),
      ...["parcels", "site-a-sorting-web", "monitoring", "kube-system"].map((name) =>
        inNamespace(name),
      ),
    ];
    assert.deepEqual(found(...all), []);
  });

  it("lets what is in no namespace at all alone", () => {
    const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole" };
    assert.deepEqual(found(objectSubject({ ...role, metadata: { name: "all" } })), []);
  });

  it("lets the platform's kinds without a namespace be shown in default, as Pulumi does before it knows them", () => {
    const definitions = Object.values(catalogue.crds).flatMap(({ groups }) =>
      Object.entries(groups).flatMap(([group, kinds]) =>
        kinds.map(({ kind, scope }) => ({ group, kind, scope })),
      ),
    );
    const shown = ({ group, kind }: (typeof definitions)[number]) =>
      objectSubject({
        apiVersion: `${group}/v1`,
        kind,
        metadata: { name: "site", namespace: "default" },
      });
    const wide = definitions.filter(({ scope }) => scope === "Cluster");
    const placed = definitions.filter(({ scope }) => scope === "Namespaced");
    assert.deepEqual(found(...wide.map(shown)), []);
    assert.equal(found(...placed.map(shown)).length, placed.length);
  });

  it("refuses a namespace of nobody, and says which was meant", () => {
    const [first = "", second = "", ...more] = found(namespace("parcles"), namespace("scratch"));
    assert.match(
      first,
      /^Namespace parcles: metadata.name needs a name that the release, .*; given parcles; next: write parcels, or state parcles$/,
    );
    assert.match(second, /given scratch; next: name a namespace of the release/);
    assert.deepEqual(more, []);
  });

  it("refuses a namespace that is made twice, once", () => {
    const [violation = "", ...more] = found(namespace("parcels"), namespace("parcels"));
    assert.match(
      violation,
      /needs a namespace that nothing else makes; given parcels, which parcels makes too/,
    );
    assert.deepEqual(more, []);
  });

  for (const [title, name, labels, expected] of [
    [
      "another workspace's label",
      "site-a-sorting-web",
      { "sitewright/workspace": "billing" },
      /needs sorting, whose it is; given billing/,
    ],
    [
      "no label of its workspace",
      "site-a-sorting-web",
      {},
      /needs sorting, whose it is; given nothing/,
    ],
    [
      "a workspace's label on one of the platform",
      "monitoring",
      ofSorting,
      /needs no workspace, since it is none's; given sorting/,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...more] = found(namespace(name, labels));
      assert.match(violation, expected);
      assert.deepEqual(more, []);
    });
  }

  it("refuses an object in a namespace of nobody, in default and in none", () => {
    const violations = found(
      inNamespace("parcel"),
      inNamespace("default"),
      inNamespace(undefined),
      objectSubject(deployment(({ metadata }) => delete metadata.namespace)),
    );
    assert.equal(violations.length, 4);
    assert.match(
      violations[0] ?? "",
      /metadata.namespace needs .*; given parcel; next: write parcels/,
    );
    assert.match(violations[1] ?? "", /given default; next: name a namespace/);
    assert.match(violations[2] ?? "", /given nothing, which means default/);
    assert.match(violations[3] ?? "", /^Deployment web: .*given nothing, which means default/);
  });

  it("does not ask a patch for a namespace that it leaves out, and holds one that it names to the rule", () => {
    const patch = (name?: string) =>
      patchSubject({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "thing", ...(name !== undefined && { namespace: name }) },
      });
    assert.deepEqual(found(patch()), []);
    assert.equal(found(patch("scratch")).length, 1);
  });

  it("lets teams' repositories leave the namespace out, and keeps them from those of the platform", () => {
    const judge = (...subjects: Parameters<typeof violations>[1]) =>
      violations(namespaceTenancy, subjects, { source: "manifests" });
    assert.deepEqual(judge(inNamespace(undefined), inNamespace("site-a-sorting-web")), []);
    const [first = "", second = "", ...more] = judge(
      inNamespace("monitoring"),
      inNamespace("kube-system"),
    );
    assert.match(first, /needs a namespace of the product or a workspace; given monitoring/);
    assert.match(second, /given kube-system/);
    assert.deepEqual(more, []);
  });

  it("keeps teams' repositories from making namespaces of the platform or of Kubernetes their own", () => {
    const judge = (...subjects: Parameters<typeof violations>[1]) =>
      violations(namespaceTenancy, subjects, { source: "manifests" });
    for (const name of ["kube-system", "monitoring"]) {
      const violation = judge(namespace(name), inNamespace(name));
      assert.match(violation[0] ?? "", /needs a name that the release or a workspace has; given/);
      assert.match(violation[1] ?? "", /needs a namespace of the product or a workspace; given/);
      assert.equal(violation.length, 2);
    }
  });

  it("lets a team's own namespace through where the site has KubeSphere, and what is in it", () => {
    const { platform, ...rest } = siteA();
    const { tenancy } = platform;
    assert.ok(tenancy);
    const kubesphere = {} as NonNullable<typeof tenancy.kubesphere>;
    const blueprint = { ...rest, platform: { ...platform, tenancy: { ...tenancy, kubesphere } } };
    const own = (workspace: string) => [
      namespace("belts", { "kubesphere.io/workspace": workspace }),
      inNamespace("belts"),
    ];
    assert.deepEqual(violations(namespaceTenancy, own("sorting"), { blueprint }), []);
    assert.equal(violations(namespaceTenancy, own("nobody"), { blueprint }).length, 2);
    assert.equal(found(...own("sorting")).length, 2);
  });

  it("takes further namespaces of Kubernetes from its settings", () => {
    const subjects = [inNamespace("kube-public"), inNamespace("kube-system")];
    const settings = { kubernetes: ["kube-public"] };
    assert.equal(violations(namespaceTenancy, subjects, { settings }).length, 1);
  });

  it("judges the others where a namespace is known only in the update", () => {
    const { blueprint } = { blueprint: siteA() };
    const subjects = [inNamespace(unknown), inNamespace("scratch")];
    assert.equal(violations(namespaceTenancy, subjects, { blueprint }).length, 1);
  });
});
