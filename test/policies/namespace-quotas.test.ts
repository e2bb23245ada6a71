import assert from "node:assert/strict";
import { namespaceQuotas } from "../../policies/namespace-quotas";
import { objectSubject, siteA, violations } from "./support/judging";

const name = "site-a-sorting-jobs";

const hard = {
  "limits.cpu": "8",
  "limits.memory": "16Gi",
  persistentvolumeclaims: "20",
  pods: "20",
  "requests.cpu": "4",
  "requests.memory": "8Gi",
  "requests.storage": "100Gi",
  "services.loadbalancers": "0",
  "services.nodeports": "0",
};

const container = {
  type: "Container",
  defaultRequest: { cpu: "50m", memory: "64Mi" },
  default: { cpu: "500m", memory: "512Mi" },
  max: { cpu: "4", memory: "8Gi" },
};

const namespaceOf = (own: string, labels: object = {}) =>
  objectSubject({ apiVersion: "v1", kind: "Namespace", metadata: { name: own, labels } });

const quota = (amounts: object, more: object = {}, namespace = name) =>
  objectSubject({
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "quota", namespace },
    spec: { hard: amounts, ...more },
  });

const limits = (...all: readonly object[]) =>
  objectSubject({
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "containers", namespace: name },
    spec: { limits: all },
  });

const found = (...subjects: Parameters<typeof violations>[1]) =>
  violations(namespaceQuotas, [namespaceOf(name), ...subjects]);

describe("namespace-quotas", () => {
  it("lets a namespace through that is bounded as the site states, however amounts are spelled", () => {
    assert.deepEqual(found(quota(hard), limits(container)), []);
    const { "requests.cpu": _, ...rest } = hard;
    const spelled = { ...rest, cpu: "4000m", "limits.memory": "16384Mi", pods: 20 };
    assert.deepEqual(found(quota(spelled), limits({ type: "Pod" }, container)), []);
  });

  it("lets several quotas share what the site states", () => {
    const { pods, ...rest } = hard;
    assert.deepEqual(found(quota({ pods }), quota(rest), limits(container)), []);
  });

  it("refuses a tenant's namespace without quota and limit range", () => {
    const violations = found();
    assert.equal(violations.length, 4);
    assert.match(
      violations[0] ?? "",
      /^Namespace site-a-sorting-jobs: needs a ResourceQuota in it with the quota that the site states: .*pods 20.*; given none; next: let the deployment/,
    );
    assert.match(
      violations[3] ?? "",
      /a LimitRange .* limit range's max .*: cpu 4, memory 8Gi; given none/,
    );
  });

  it("refuses other amounts than the site's, each at its place", () => {
    const large = { ...container, max: { cpu: "40", memory: "8Gi" } };
    const violations = found(quota({ ...hard, pods: "500" }), limits(large));
    assert.deepEqual(violations, [
      'ResourceQuota site-a-sorting-jobs/quota: spec.hard["pods"] needs 20, as the site states it; given "500"; next: let the deployment make quota and limit range as tenancy states them, and change amounts there',
      'LimitRange site-a-sorting-jobs/containers: spec.limits[0].max["cpu"] needs 4, as the site states it; given "40"; next: let the deployment make quota and limit range as tenancy states them, and change amounts there',
    ]);
  });

  it("does not count a quota for some Pods only, bounds of whole Pods, or those of another namespace", () => {
    const violations = found(
      quota(hard, { scopes: ["BestEffort"] }),
      quota(hard, { scopeSelector: { matchExpressions: [] } }),
      quota(hard, {}, "parcels"),
      limits({ ...container, type: "Pod" }),
    );
    assert.equal(violations.length, 4);
  });

  it("asks nothing of the platform's namespaces, nor of bounds that the site leaves out", () => {
    const subjects = [namespaceOf("monitoring"), namespaceOf("elsewhere")];
    assert.deepEqual(violations(namespaceQuotas, subjects), []);
    const { platform, ...rest } = siteA();
    const { tenancy } = platform;
    assert.ok(tenancy);
    const { quota: _, ...unbounded } = tenancy.product.namespaces[0] ?? assert.fail();
    const product = { ...tenancy.product, namespaces: [unbounded] };
    const blueprint = { ...rest, platform: { ...platform, tenancy: { ...tenancy, product } } };
    const [first = "", ...more] = violations(namespaceQuotas, [namespaceOf("parcels")], {
      blueprint,
    });
    assert.match(first, /a LimitRange/);
    assert.equal(more.length, 2);
  });

  it("wants some bounds of a namespace that a team made by KubeSphere", () => {
    const { platform, ...rest } = siteA();
    const { tenancy } = platform;
    assert.ok(tenancy);
    const kubesphere = {} as NonNullable<typeof tenancy.kubesphere>;
    const blueprint = { ...rest, platform: { ...platform, tenancy: { ...tenancy, kubesphere } } };
    const own = namespaceOf("belts", { "kubesphere.io/workspace": "sorting" });
    const judge = (...subjects: Parameters<typeof violations>[1]) =>
      violations(namespaceQuotas, [own, ...subjects], { blueprint });
    assert.equal(judge().length, 2);
    assert.equal(judge(quota({ pods: "5" }, {}, "belts")).length, 1);
  });
});
