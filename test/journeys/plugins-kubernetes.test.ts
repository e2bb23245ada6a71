import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { onCluster } from "./support/plugins/cluster-suite";
import { at } from "./support/plugins/control-plane";
import { managedMaps, workloads } from "./support/plugins/workloads";

describe("The stand-in for the Kubernetes provider, with a real engine and a real control plane", function () {
  this.timeout(180_000);
  const suite = onCluster(2);

  const shop = (kind: string, name: string) => `/apis/apps/v1/namespaces/shop/${kind}/${name}`;
  const config = (name: string) => `/api/v1/namespaces/default/configmaps/${name}`;
  const makeConfig = (name: string, data: Record<string, string>, annotations = {}) =>
    suite.plane.api("POST", "/api/v1/namespaces/default/configmaps", {
      metadata: { name, annotations },
      data,
    });

  const untilMade = async (name: string) => {
    for (let waited = 0; waited < 60_000; waited += 50) {
      if (at(await suite.plane.api("GET", config(name)), "code") !== 404) return;
      await sleep(50);
    }
    throw new Error(`ConfigMap ${name} does not appear`);
  };

  it("makes workloads, sees no change afterwards, and then exactly the change that was made", async () => {
    suite.project.program(suite.provider() + workloads({ replicas: 2 }));
    await suite.up();

    const state = await suite.project.state();
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
    const exported = await suite.project.succeed("stack", "export");
    for (const secret of ["geheim", Buffer.from("geheim").toString("base64"), "test-token"]) {
      assert.ok(!exported.includes(secret), `the state shows ${secret} to nobody`);
    }

    assert.deepEqual(await suite.project.plan(), [], "a second preview has no change");
    suite.project.program(
      suite.provider() + workloads({ replicas: 3, metadata: 'labels: { tier: "front" }' }),
    );
    const [step, ...others] = await suite.project.plan();
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
    await suite.up();
    assert.equal(
      at(await suite.plane.api("GET", shop("deployments", "web")), "status.readyReplicas"),
      3,
    );

    await suite.destroy();
    assert.equal(at(await suite.plane.api("GET", "/api/v1/namespaces/shop"), "code"), 404);
  });

  it("replaces what cannot be changed, the old one first when the name is fixed", async () => {
    const program = (service: string, value: string) => `${suite.provider()}
      new k8s.core.v1.ConfigMap("free", { data: { a: "${value}" } }, k);
      new k8s.core.v1.ConfigMap("fixed", { metadata: { name: "fixed" }, immutable: true, data: { a: "${value}" } }, k);
      new k8s.apps.v1.StatefulSet("set", { metadata: { name: "set" }, spec: { serviceName: "${service}", replicas: 1,
        selector: { matchLabels: { app: "set" } },
        template: { metadata: { labels: { app: "set" } }, spec: { containers: [{ name: "a", image: "a" }] } } } }, k);`;
    suite.project.program(program("one", "1"));
    await suite.up();
    const before = at(
      await suite.plane.api("GET", "/apis/apps/v1/namespaces/default/statefulsets/set"),
      "metadata.uid",
    );
    suite.project.program(program("two", "2"));
    const kinds = (await suite.project.plan()).map(({ op, urn, detailedDiff }) => ({
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
    const output = await suite.up();
    const order = (name: string) =>
      [...output.matchAll(new RegExp(`${name} (deleted original|created replacement)`, "g"))].map(
        ([, done]) => done,
      );
    assert.deepEqual(order("free"), ["created replacement", "deleted original"]);
    assert.deepEqual(order("fixed"), ["deleted original", "created replacement"]);
    assert.deepEqual(order("set"), ["deleted original", "created replacement"]);
    const after = await suite.plane.api("GET", "/apis/apps/v1/namespaces/default/statefulsets/set");
    assert.notEqual(at(after, "metadata.uid"), before);
    assert.equal(at(after, "spec.serviceName"), "two");
    await suite.destroy();
  });

  it("imports an object, patches another's, and leaves that one in place when the patch goes", async () => {
    await makeConfig("handmade", { a: "1" });
    await makeConfig("theirs", { a: "1" });
    const patch =
      'new k8s.core.v1.ConfigMapPatch("patch", { metadata: { name: "theirs" }, data: { b: "2" } }, k);';
    const imported = (more: string) =>
      `new k8s.core.v1.ConfigMap("mine", { metadata: { name: "handmade", namespace: "default" }, data: { a: "1" } }, { ...k, ${more} });`;
    suite.project.program(`${suite.provider()}${imported('import: "default/handmade"')}${patch}`);
    await suite.up();
    assert.deepEqual(at(await suite.plane.api("GET", config("theirs")), "data"), {
      a: "1",
      b: "2",
    });
    suite.project.program(`${suite.provider()}${imported("")}`);
    assert.deepEqual(
      (await suite.project.plan()).map(({ op }) => op),
      ["delete"],
    );
    await suite.up();
    assert.deepEqual(at(await suite.plane.api("GET", config("theirs")), "data"), { a: "1" });
    await suite.destroy();
    assert.equal(at(await suite.plane.api("GET", config("handmade")), "code"), 404);
  });

  it("keeps what does not get ready, says why, and waits on in the next run", async () => {
    suite.project.program(`${suite.provider()}
      new k8s.apps.v1.Deployment("lost", { metadata: { name: "lost", annotations: { "pulumi.com/timeoutSeconds": "4" } },
        spec: { selector: { matchLabels: { app: "lost" } }, template: { metadata: { labels: { app: "lost" } },
          spec: { nodeSelector: { disk: "fast" }, containers: [{ name: "a", image: "a" }] } } } }, k);`);
    const failed = await suite.tryUp();
    assert.notEqual(failed.exitCode, 0);
    assert.match(failed.output, /'lost' timed out waiting to be Ready/);
    assert.match(failed.output, /Minimum number of live Pods was not attained/);
    assert.match(failed.output, /didn't match Pod's node affinity\/selector/);
    const [lost] = (await suite.project.state()).filter(({ urn }) => urn.endsWith("::lost"));
    assert.ok((lost?.initErrors ?? []).length > 1, "the state says what was wrong");

    await suite.plane.api(
      "PATCH",
      "/api/v1/nodes/node1",
      { metadata: { labels: { disk: "fast" } } },
      "application/merge-patch+json",
    );
    await suite.up();
    const [found] = (await suite.project.state()).filter(({ urn }) => urn.endsWith("::lost"));
    assert.equal(found?.initErrors, undefined);
    await suite.destroy();
  });

  it("waits for what an annotation asks, here until somebody has filled a value in", async () => {
    suite.project.program(`${suite.provider()}
      new k8s.core.v1.ConfigMap("filled", { metadata: { name: "filled", annotations: { "pulumi.com/waitFor": "jsonpath={.data.ready}=yes" } }, data: {} }, k);`);
    const { ended, said } = suite.project.start("up", "--yes", "--skip-preview");
    await said(/\{\.data\.ready\} selected nothing/);
    await suite.plane.api(
      "PATCH",
      config("filled"),
      { data: { ready: "yes" } },
      "application/merge-patch+json",
    );
    const { exitCode, output } = await ended;
    assert.equal(exitCode, 0, output);
    await suite.destroy();
  });

  it("finishes after kill -9 in the middle, given upsert and a fixed field manager", async () => {
    // Such a run keeps no record on its way, which a rehearsal may do; the cluster is the record.
    const quick = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };
    await suite.useProject(quick);
    const provider = suite.provider(
      "upsertExistingObjects: true, enableConfigMapMutable: true, kubeClientSettings: { qps: 30, burst: 1 }",
    );
    suite.project.program(provider + managedMaps(120, "1"));
    const { child, ended } = suite.project.start("up", "--yes", "--skip-preview");
    await untilMade("map20");
    child.kill("SIGKILL");
    await ended;
    await suite.project.run("cancel", "--yes");
    await suite.up();
    suite.project.program(provider + managedMaps(120, "2"));
    await suite.up();
    for (const i of [0, 20, 119])
      assert.equal(at(await suite.plane.api("GET", config(`map${i}`)), "data.value"), "2");
    assert.deepEqual(await suite.project.plan(), []);
    await suite.destroy();
  });

  it("goes on previewing without the API server, and says plainly that it is gone", async () => {
    suite.project.program(
      `${suite.provider()}new k8s.core.v1.ConfigMap("a", { metadata: { name: "later" }, data: { a: "1" } }, k);`,
    );
    await suite.plane.killApiServer();
    try {
      const preview = await suite.project.plan();
      assert.deepEqual(
        preview.map(({ op }) => op).filter((op) => op !== "create"),
        [],
      );
      const refused = await suite.tryUp();
      assert.notEqual(refused.exitCode, 0);
      assert.match(refused.output, /configured Kubernetes cluster is unreachable/);
      assert.match(refused.output, /does not answer/);
    } finally {
      await suite.plane.startApiServer();
    }
  });
});
