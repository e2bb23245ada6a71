import assert from "node:assert/strict";
import { diffConfig } from "../../../rehearsal/plugins/kubernetes/provider-config";
import { settingsOf } from "../../../rehearsal/plugins/kubernetes/settings";
import { silentLog } from "../../../rehearsal/plugins/protocol/engine-log";
import type { PropertyMap } from "../../../rehearsal/plugins/protocol/values";

describe("Settings of the Kubernetes provider", () => {
  const flags: [option: string, variable: string, read: keyof ReturnType<typeof settingsOf>][] = [
    ["enablePatchForce", "ENABLE_PATCH_FORCE", "patchForce"],
    ["upsertExistingObjects", "UPSERT_EXISTING_OBJECTS", "upsertExistingObjects"],
    ["deleteUnreachable", "DELETE_UNREACHABLE", "deleteUnreachable"],
    ["skipUpdateUnreachable", "SKIP_UPDATE_UNREACHABLE", "skipUpdateUnreachable"],
  ];
  for (const [option, variable, read] of flags) {
    it(`take ${option} from the program first, then from PULUMI_K8S_${variable}, then not`, () => {
      const key = `kubernetes:config:${option}`;
      const on = { [`PULUMI_K8S_${variable}`]: "true" };
      assert.equal(settingsOf({}, {})[read], false);
      assert.equal(settingsOf({}, on)[read], true);
      assert.equal(settingsOf({ [key]: "true" }, {})[read], true);
      assert.equal(settingsOf({ [key]: "false" }, on)[read], false);
    });
  }

  it("take the client's limits one by one, wherever each is given", () => {
    const given = { "kubernetes:config:kubeClientSettings": '{"qps":100,"burst":200}' };
    const environment = { PULUMI_K8S_CLIENT_BURST: "7", PULUMI_K8S_CLIENT_TIMEOUT: "9" };
    assert.deepEqual(settingsOf(given, environment).client, {
      qps: 100,
      burst: 200,
      timeoutSeconds: 9,
    });
    assert.throws(() => settingsOf({}, { PULUMI_K8S_CLIENT_QPS: "many" }), /must be a number/);
    assert.throws(
      () => settingsOf({ "kubernetes:config:kubeClientSettings": "{" }, {}),
      /must be an object such as/,
    );
  });

  it("are refused where the stand-in does not do what they ask", () => {
    for (const variables of [
      { "kubernetes:config:enableServerSideApply": "false" },
      { "kubernetes:config:renderYamlToDirectory": "rendered" },
    ]) {
      assert.throws(() => settingsOf(variables, {}), /does not do/);
    }
  });
});

describe("A change of a Provider", () => {
  const kubeconfig = (server: string, token = "a") =>
    JSON.stringify({
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
      clusters: [{ name: "k", cluster: { server } }],
      users: [{ name: "u", user: { token } }],
    });
  const diff = async (olds: PropertyMap, news: PropertyMap) => {
    const request = { urn: "", id: "", type: "", name: "", log: silentLog, ignoreChanges: [] };
    const signal = new AbortController().signal;
    const { detailedDiff } = await diffConfig({ ...request, signal, olds, oldInputs: olds, news });
    return Object.fromEntries(Object.entries(detailedDiff).map(([key, { kind }]) => [key, kind]));
  };

  const one = { kubeconfig: kubeconfig("https://one:6443") };
  const table: [title: string, olds: PropertyMap, news: PropertyMap, expected: object][] = [
    [
      "to another cluster",
      one,
      { kubeconfig: kubeconfig("https://two:6443") },
      { kubeconfig: "update-replace" },
    ],
    [
      "to another login of the same cluster",
      one,
      { kubeconfig: kubeconfig("https://one:6443", "b") },
      { kubeconfig: "update" },
    ],
    ["of another setting", one, { ...one, enablePatchForce: "true" }, { enablePatchForce: "add" }],
    [
      "to another address of the cluster with the same identifier",
      { ...one, clusterIdentifier: "x" },
      { kubeconfig: kubeconfig("https://two:6443"), clusterIdentifier: "x" },
      { kubeconfig: "update" },
    ],
    [
      "of the identifier",
      { ...one, clusterIdentifier: "x" },
      { ...one, clusterIdentifier: "y" },
      { clusterIdentifier: "update-replace" },
    ],
    ["of nothing", one, one, {}],
  ];
  for (const [title, olds, news, expected] of table) {
    it(`${title} gives ${JSON.stringify(expected)}`, async () => {
      assert.deepEqual(await diff(olds, news), expected);
    });
  }
});
