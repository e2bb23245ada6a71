import assert from "node:assert/strict";
import {
  checkpoint,
  parseCheckpoint,
} from "../../../rehearsal/plugins/kubernetes/objects/checkpoint";
import { deprecationOf } from "../../../rehearsal/plugins/kubernetes/objects/deprecations";
import {
  gvkOfType,
  isNamespacedKnown,
  isPatch,
  nameOfUrn,
  typeOfUrn,
} from "../../../rehearsal/plugins/kubernetes/objects/kinds";
import {
  type KubeObject,
  UNKNOWN,
} from "../../../rehearsal/plugins/kubernetes/objects/kube-object";
import { adoptName, assignName } from "../../../rehearsal/plugins/kubernetes/objects/naming";
import {
  objectOf,
  propertiesOf,
  withSecrets,
} from "../../../rehearsal/plugins/kubernetes/objects/properties";
import { Secret, Unknown } from "../../../rehearsal/plugins/protocol/values";

const URN = "urn:pulumi:dev::shop::site:index:Site$kubernetes:core/v1:ConfigMap::settings";

describe("Names of objects", () => {
  const seed = new Uint8Array([1, 2, 3]);

  it("come from the resource's name, the same for the same seed, and are marked", () => {
    const [one, two]: KubeObject[] = [{ metadata: {} }, { metadata: {} }];
    for (const object of [one, two]) assignName(object ?? {}, URN, seed, { mode: "default" });
    assert.deepEqual(one, two);
    const metadata = one?.metadata as KubeObject;
    assert.match(String(metadata.name), /^settings-[0-9a-f]{8}$/);
    assert.deepEqual(metadata.annotations, { "pulumi.com/autonamed": "true" });
  });

  it("stay as given, even when the given one is not known yet", () => {
    for (const name of ["mine", UNKNOWN] as const) {
      const object: KubeObject = { metadata: { name } };
      assignName(object, URN, seed, { mode: "default" });
      assert.deepEqual(object, { metadata: { name } });
    }
  });

  it("are kept from one run to the next, but only made-up ones", () => {
    const made = {
      metadata: { name: "settings-1", annotations: { "pulumi.com/autonamed": "true" } },
    };
    const object: KubeObject = { metadata: {} };
    adoptName(object, made);
    assert.deepEqual(object, made);
    const unnamed: KubeObject = { metadata: {} };
    adoptName(unnamed, { metadata: { name: "given" } });
    assert.deepEqual(unnamed, { metadata: {} });
  });

  it("must be given when the project says so", () => {
    assert.throws(
      () => assignName({ metadata: {} }, URN, seed, { mode: "disabled" }),
      /autonaming is disabled/,
    );
  });
});

describe("Kinds", () => {
  it("are read from types and URNs", () => {
    assert.deepEqual(gvkOfType("kubernetes:core/v1:ConfigMap"), {
      group: "",
      version: "v1",
      kind: "ConfigMap",
    });
    assert.deepEqual(gvkOfType("kubernetes:a.test/v1:A"), {
      group: "a.test",
      version: "v1",
      kind: "A",
    });
    assert.throws(
      () => gvkOfType("random:index:RandomId"),
      /is not the type of a Kubernetes object/,
    );
    assert.equal(typeOfUrn(URN), "kubernetes:core/v1:ConfigMap");
    assert.equal(nameOfUrn(URN), "settings");
  });

  it("tell patches from kinds that only end so", () => {
    assert.equal(
      isPatch("urn:pulumi:d::p::kubernetes:apps/v1:DeploymentPatch::a", "Deployment"),
      true,
    );
    assert.equal(isPatch("urn:pulumi:d::p::kubernetes:a.test/v1:HotPatch::a", "HotPatch"), false);
  });

  it("of Kubernetes itself are known to live in a namespace or not", () => {
    const scope = (type: string) => isNamespacedKnown(gvkOfType(`kubernetes:${type}`));
    assert.equal(scope("core/v1:Namespace"), false);
    assert.equal(scope("rbac.authorization.k8s.io/v1:ClusterRolePatch"), false);
    assert.equal(scope("apps/v1:Deployment"), true);
    assert.equal(scope("a.test/v1:A"), undefined);
  });

  it("that are gone or going are told", () => {
    const old = gvkOfType("kubernetes:policy/v1beta1:PodDisruptionBudget");
    assert.equal(deprecationOf(old, "v1.34.2")?.removed, true);
    assert.equal(deprecationOf(old, "v1.24.0")?.removed, false);
    assert.match(
      String(deprecationOf(old, "v1.34.2")?.message),
      /Use "policy\/v1\/PodDisruptionBudget" instead/,
    );
    assert.equal(
      deprecationOf(gvkOfType("kubernetes:policy/v1:PodDisruptionBudget"), "v1.34.2"),
      undefined,
    );
  });
});

describe("Secrets and values not known yet", () => {
  it("pass through objects and come back", () => {
    const object = objectOf({ spec: { password: new Secret("geheim"), later: new Unknown() } });
    assert.deepEqual(object, { spec: { password: "geheim", later: UNKNOWN } });
    assert.ok(
      ((propertiesOf(object).spec as Record<string, unknown>).later as unknown) instanceof Unknown,
    );
  });

  it("mark the same outputs secret as were secret in the inputs, and lists whole", () => {
    const inputs = {
      spec: { args: ["a", new Secret("b")], open: "c", inner: { key: new Secret("d") } },
    };
    const outputs = { spec: { args: ["a", "b"], open: "c", inner: { key: "d", more: "e" } } };
    assert.deepEqual(withSecrets(outputs, inputs), {
      spec: { args: new Secret(["a", "b"]), open: "c", inner: { key: new Secret("d"), more: "e" } },
    });
  });

  it("hide all that a Secret holds, in outputs and kept inputs", () => {
    const secret: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a" },
      data: { a: "eA==" },
    };
    const state = checkpoint(secret, secret, {}, { initialApiVersion: "v1", fieldManager: "me" });
    assert.deepEqual(state.data, new Secret({ a: "eA==" }));
    assert.deepEqual((state.__inputs as Record<string, unknown>).data, new Secret({ a: "eA==" }));
    assert.deepEqual(parseCheckpoint(state).inputs, secret);
  });

  it("keep the dashes of CRD schemas out of the SDK's way", () => {
    const properties = propertiesOf({ "x-kubernetes-validations": [] });
    assert.deepEqual(Object.keys(properties), ["x_kubernetes_validations"]);
    assert.deepEqual(objectOf(properties), { "x-kubernetes-validations": [] });
  });
});
