import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { at, ControlPlane } from "./support/plugins/control-plane";
import { Project } from "./support/plugins/kubernetes-project";
import { managedMaps, providerOf, workloads } from "./support/plugins/workloads";

describe("The stand-in for the Kubernetes provider, with a real engine and a real control plane", function () {
  this.timeout(180_000);
  let plane: ControlPlane;
  let project: Project;
  let kubeconfig: string;
  let provider: string;

  before(async () => {
    plane = await ControlPlane.start(2);
    kubeconfig = readFileSync(plane.kubeconfig, "utf8");
    provider = providerOf(kubeconfig);
  });
  after(async () => await plane?.stop());

  beforeEach(async () => {
    project = new Project();
    await project.succeed("stack", "init", "test");
  });
  afterEach(() => project.remove());

  const up = () => project.succeed("up", "--yes", "--skip-preview");
  const destroy = () => project.succeed("destroy", "--yes", "--skip-preview");
  const shop = (kind: string, name: string) => `/apis/apps/v1/namespaces/shop/${kind}/${name}`;
  const config = (name: string) => `/api/v1/namespaces/default/configmaps/${name}`;
  const makeConfig = (name: string, data: Record<string, string>, annotations = {}) =>
    plane.api("POST", "/api/v1/namespaces/default/configmaps", {
      metadata: { name, annotations },
      data,
    });

  const untilMade = async (name: string) => {
    for (let waited = 0; waited < 60_000; waited += 50) {
      if (at(await plane.api("GET", config(name)), "code") !== 404) return;
      await sleep(50);
    }
    throw new Error(`ConfigMap ${name} does not appear`);
  };

  it("makes workloads, sees no change afterwards, and then exactly the change that was made", async () => {
    project.program(provider + workloads({ replicas: 2 }));
    await up();

    const state = await project.state();
    const web = state.find((resource) => resource.urn.endsWith("Deployment::web"));
    assert.equal(web?.id, "shop/web");
    assert.deepEqual(web?.outputs.__inputs, web?.inputs, "the inputs stand in the state, too");
    assert.match(String(web?.outputs.__fieldManager), /^pulumi-kubernetes-[0-9a-f]{8}$/);
    assert.equal(web?.outputs.__initialApiVersion, "apps/v1");
    const spec = at(web?.inputs, "spec.template.spec");
    assert.deepEqual(spec, {
      containers: [
        { name: "web", image: "web:1", resources: { limits: { cpu: "500m", memory: "1Gi" } } },
      ],
    });
    const settings = state.find((resource) => resource.urn.endsWith("ConfigMap::settings"));
    assert.match(String(settings?.id), /^shop\/settings-[0-9a-f]{8}$/);
    assert.deepEqual(at(settings?.inputs, "metadata.annotations"), {
      "pulumi.com/autonamed": "true",
    });
    const exported = await project.succeed("stack", "export");
    for (const secret of ["geheim", Buffer.from("geheim").toString("base64"), "test-token"]) {
      assert.ok(!exported.includes(secret), `the state shows ${secret} to nobody`);
    }

    assert.deepEqual(await project.plan(), [], "a second preview has no change");
    project.program(provider + workloads({ replicas: 3, metadata: 'labels: { tier: "front" }' }));
    const [step, ...others] = await project.plan();
    assert.deepEqual(
      others.map(({ urn }) => urn),
      [],
      "nothing else changes",
    );
    assert.equal(step?.op, "update");
    assert.deepEqual(step?.detailedDiff, {
      "metadata.labels": { kind: "add", inputDiff: false },
      "spec.replicas": { kind: "update", inputDiff: false },
    });
    await up();
    assert.equal(at(await plane.api("GET", shop("deployments", "web")), "status.readyReplicas"), 3);

    await destroy();
    assert.equal(at(await plane.api("GET", "/api/v1/namespaces/shop"), "code"), 404);
  });

  it("finds a change made by hand, explains the conflict, and takes the field back when told to", async () => {
    const program = (annotations: string) =>
      `${provider}new k8s.core.v1.ConfigMap("hand", { metadata: { name: "hand", ${annotations} }, data: { a: "1" } }, k);`;
    provider = providerOf(kubeconfig, "enableConfigMapMutable: true");
    project.program(program('labels: { round: "1" }'));
    await up();
    project.program(program('labels: { round: "2" }'));
    await up();
    await plane.api(
      "PATCH",
      config("hand"),
      { data: { a: "by hand" } },
      "application/merge-patch+json",
    );
    await project.succeed("refresh", "--yes", "--skip-preview");
    const [step] = await project.plan(true);
    assert.deepEqual(Object.keys(step?.detailedDiff ?? {}), ["data.a"]);

    const refused = await project.run("up", "--yes", "--skip-preview");
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.output, /field conflict detected/);
    assert.match(refused.output, /\.data\.a/);
    assert.match(refused.output, /pulumi\.com\/patchForce/);

    project.program(program('annotations: { "pulumi.com/patchForce": "true" }'));
    await up();
    assert.equal(at(await plane.api("GET", config("hand")), "data.a"), "1");
    await destroy();
  });

  it("replaces what cannot be changed, the old one first when the name is fixed", async () => {
    const program = (service: string, value: string) => `${provider}
      new k8s.core.v1.ConfigMap("free", { data: { a: "${value}" } }, k);
      new k8s.core.v1.ConfigMap("fixed", { metadata: { name: "fixed" }, immutable: true, data: { a: "${value}" } }, k);
      new k8s.apps.v1.StatefulSet("set", { metadata: { name: "set" }, spec: { serviceName: "${service}", replicas: 1,
        selector: { matchLabels: { app: "set" } },
        template: { metadata: { labels: { app: "set" } }, spec: { containers: [{ name: "a", image: "a" }] } } } }, k);`;
    provider = providerOf(kubeconfig);
    project.program(program("one", "1"));
    await up();
    const before = at(
      await plane.api("GET", "/apis/apps/v1/namespaces/default/statefulsets/set"),
      "metadata.uid",
    );
    project.program(program("two", "2"));
    const kinds = (await project.plan()).map(({ op, urn, detailedDiff }) => ({
      name: urn.split("::").at(-1),
      op,
      changes: Object.entries(detailedDiff ?? {}).map(([path, { kind }]) => `${path} ${kind}`),
    }));
    assert.deepEqual(
      kinds.sort((a, b) => String(a.name).localeCompare(String(b.name))),
      [
        { name: "fixed", op: "replace", changes: ["data.a update-replace"] },
        { name: "free", op: "replace", changes: ["data.a update-replace"] },
        { name: "set", op: "replace", changes: ["spec.serviceName update-replace"] },
      ],
    );
    const output = await up();
    const order = (name: string) =>
      [...output.matchAll(new RegExp(`${name} (deleted original|created replacement)`, "g"))].map(
        ([, done]) => done,
      );
    assert.deepEqual(order("free"), ["created replacement", "deleted original"]);
    assert.deepEqual(order("fixed"), ["deleted original", "created replacement"]);
    assert.deepEqual(order("set"), ["deleted original", "created replacement"]);
    const after = await plane.api("GET", "/apis/apps/v1/namespaces/default/statefulsets/set");
    assert.notEqual(at(after, "metadata.uid"), before);
    assert.equal(at(after, "spec.serviceName"), "two");
    await destroy();
  });

  it("imports an object, patches another's, and leaves that one in place when the patch goes", async () => {
    await makeConfig("handmade", { a: "1" });
    await makeConfig("theirs", { a: "1" });
    const patch =
      'new k8s.core.v1.ConfigMapPatch("patch", { metadata: { name: "theirs" }, data: { b: "2" } }, k);';
    const imported = (more: string) =>
      `new k8s.core.v1.ConfigMap("mine", { metadata: { name: "handmade", namespace: "default" }, data: { a: "1" } }, { ...k, ${more} });`;
    project.program(`${provider}${imported('import: "default/handmade"')}${patch}`);
    await up();
    assert.deepEqual(at(await plane.api("GET", config("theirs")), "data"), { a: "1", b: "2" });
    project.program(`${provider}${imported("")}`);
    assert.deepEqual(
      (await project.plan()).map(({ op }) => op),
      ["delete"],
    );
    await up();
    assert.deepEqual(at(await plane.api("GET", config("theirs")), "data"), { a: "1" });
    await destroy();
    assert.equal(at(await plane.api("GET", config("handmade")), "code"), 404);
  });

  it("keeps what does not get ready, says why, and waits on in the next run", async () => {
    project.program(`${provider}
      new k8s.apps.v1.Deployment("lost", { metadata: { name: "lost", annotations: { "pulumi.com/timeoutSeconds": "4" } },
        spec: { selector: { matchLabels: { app: "lost" } }, template: { metadata: { labels: { app: "lost" } },
          spec: { nodeSelector: { disk: "fast" }, containers: [{ name: "a", image: "a" }] } } } }, k);`);
    const failed = await project.run("up", "--yes", "--skip-preview");
    assert.notEqual(failed.exitCode, 0);
    assert.match(failed.output, /'lost' timed out waiting to be Ready/);
    assert.match(failed.output, /Minimum number of live Pods was not attained/);
    assert.match(failed.output, /didn't match Pod's node affinity\/selector/);
    const [lost] = (await project.state()).filter(({ urn }) => urn.endsWith("::lost"));
    assert.ok((lost?.initErrors ?? []).length > 1, "the state says what was wrong");

    await plane.api(
      "PATCH",
      "/api/v1/nodes/node1",
      { metadata: { labels: { disk: "fast" } } },
      "application/merge-patch+json",
    );
    await up();
    const [found] = (await project.state()).filter(({ urn }) => urn.endsWith("::lost"));
    assert.equal(found?.initErrors, undefined);
    await destroy();
  });

  it("waits for what an annotation asks, here until somebody has filled a value in", async () => {
    project.program(`${provider}
      new k8s.core.v1.ConfigMap("filled", { metadata: { name: "filled", annotations: { "pulumi.com/waitFor": "jsonpath={.data.ready}=yes" } }, data: {} }, k);`);
    const { ended } = project.start("up", "--yes", "--skip-preview");
    await untilMade("filled");
    await plane.api(
      "PATCH",
      config("filled"),
      { data: { ready: "yes" } },
      "application/merge-patch+json",
    );
    const { exitCode, output } = await ended;
    assert.equal(exitCode, 0, output);
    assert.match(output, /Waiting for \{\.data\.ready\}|\{\.data\.ready\} selected nothing/);
    await destroy();
  });

  it("makes manifests and a chart with its CRD as components, and sees no change afterwards", async () => {
    const chart = writeChart(project.folder);
    project.program(`${provider}
      const group = new k8s.yaml.v2.ConfigGroup("group", { yaml: "apiVersion: v1\\nkind: Namespace\\nmetadata: {name: grouped}\\n---\\napiVersion: v1\\nkind: Secret\\nmetadata: {name: key, namespace: grouped}\\nstringData: {key: geheim}\\n" }, { providers: [k.provider] });
      new k8s.helm.v4.Chart("small", { chart: ${JSON.stringify(chart)}, namespace: "grouped", values: { greeting: "hello" } }, { providers: [k.provider], dependsOn: group });`);
    await up();
    const names = (await project.state())
      .map(({ urn }) => urn.split("::").slice(2).join("::"))
      .sort();
    assert.deepEqual(
      names.filter((name) => name.includes("$")),
      [
        "kubernetes:helm.sh/v4:Chart$kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition::small:widgets.example.test",
        "kubernetes:helm.sh/v4:Chart$kubernetes:core/v1:ConfigMap::small:grouped/small-settings",
        "kubernetes:helm.sh/v4:Chart$kubernetes:example.test/v1:Widget::small:grouped/small",
        "kubernetes:yaml/v2:ConfigGroup$kubernetes:core/v1:Namespace::group:grouped",
        "kubernetes:yaml/v2:ConfigGroup$kubernetes:core/v1:Secret::group:grouped/key",
      ],
    );
    assert.deepEqual(await project.plan(), []);
    assert.ok(
      !(await project.succeed("stack", "export")).includes(
        Buffer.from("geheim").toString("base64"),
      ),
    );
    await destroy();
  });

  it("finishes after kill -9 in the middle, given upsert and a fixed field manager", async () => {
    // Such a run keeps no record on its way, which a rehearsal may do; the cluster is the record.
    const quick = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };
    project.remove();
    project = new Project(quick);
    await project.succeed("stack", "init", "test");
    provider = providerOf(
      kubeconfig,
      "upsertExistingObjects: true, enableConfigMapMutable: true, kubeClientSettings: { qps: 30, burst: 1 }",
    );
    project.program(provider + managedMaps(120, "1"));
    const { child, ended } = project.start("up", "--yes", "--skip-preview");
    await untilMade("map20");
    child.kill("SIGKILL");
    await ended;
    await project.run("cancel", "--yes");
    await up();
    project.program(provider + managedMaps(120, "2"));
    await up();
    for (const i of [0, 20, 119])
      assert.equal(at(await plane.api("GET", config(`map${i}`)), "data.value"), "2");
    assert.deepEqual(await project.plan(), []);
    await destroy();
  });

  it("goes on previewing without the API server, and says plainly that it is gone", async () => {
    project.program(
      `${provider}new k8s.core.v1.ConfigMap("a", { metadata: { name: "later" }, data: { a: "1" } }, k);`,
    );
    await plane.killApiServer();
    try {
      const preview = await project.plan();
      assert.deepEqual(
        preview.map(({ op }) => op).filter((op) => op !== "create"),
        [],
      );
      const refused = await project.run("up", "--yes", "--skip-preview");
      assert.notEqual(refused.exitCode, 0);
      assert.match(refused.output, /configured Kubernetes cluster is unreachable/);
      assert.match(refused.output, /does not answer/);
    } finally {
      await plane.startApiServer();
    }
  });
});

/** A chart with a CRD, an object of it and a hook, which is left out. */
function writeChart(folder: string): string {
  const chart = join(folder, "chart");
  for (const sub of ["templates", "crds"]) mkdirSync(join(chart, sub), { recursive: true });
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: small\nversion: 0.1.0\n");
  writeFileSync(
    join(chart, "templates", "all.yaml"),
    `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-settings"}
data: {greeting: "{{ .Values.greeting }}", kubernetes: "{{ .Capabilities.KubeVersion.Version }}"}
---
apiVersion: example.test/v1
kind: Widget
metadata: {name: "{{ .Release.Name }}"}
spec: {size: 3}
---
apiVersion: batch/v1
kind: Job
metadata: {name: hook, annotations: {helm.sh/hook: post-install}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}
`,
  );
  writeFileSync(
    join(chart, "crds", "widgets.yaml"),
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.test}
spec:
  group: example.test
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`,
  );
  return chart;
}
