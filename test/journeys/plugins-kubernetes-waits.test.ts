import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { onCluster } from "./support/plugins/cluster-suite";
import { at } from "./support/plugins/control-plane";

const MERGE = "application/merge-patch+json";
/** What stands in a plan for a value that only the update will know. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("What the Kubernetes stand-in waits for, and what it knows before", function () {
  this.timeout(180_000);
  const suite = onCluster(1);
  const inDefault = (kind: string, name: string) => `/api/v1/namespaces/default/${kind}/${name}`;
  const ingress = "/apis/networking.k8s.io/v1/namespaces/default/ingresses/way";

  const untilMade = async (...paths: string[]) => {
    for (const path of paths) {
      for (let waited = 0; at(await suite.plane.api("GET", path), "code") === 404; waited += 50) {
        assert.ok(waited < 60_000, `${path} does not appear`);
        await sleep(50);
      }
    }
  };

  it("waits for addresses of load balancers and ingresses, and for volumes of claims", async () => {
    const storageClasses = "/apis/storage.k8s.io/v1/storageclasses";
    for (const [name, volumeBindingMode] of [
      ["manual", "Immediate"],
      ["late", "WaitForFirstConsumer"],
    ]) {
      const metadata = { name };
      const body = { metadata, provisioner: "kubernetes.io/no-provisioner", volumeBindingMode };
      await suite.plane.api("POST", storageClasses, body);
    }
    suite.project.program(`${suite.provider()}
      new k8s.core.v1.Service("balancer", { metadata: { name: "balancer" }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } }, k);
      new k8s.core.v1.Service("outside", { metadata: { name: "outside" }, spec: { type: "ExternalName", externalName: "outside.test" } }, k);
      new k8s.networking.v1.Ingress("way", { metadata: { name: "way" }, spec: { rules: [{ http: { paths: [
        { path: "/", pathType: "Prefix", backend: { service: { name: "outside", port: { number: 80 } } } } ] } }] } }, k);
      for (const storageClassName of ["manual", "late"]) {
        new k8s.core.v1.PersistentVolumeClaim(storageClassName, { metadata: { name: storageClassName },
          spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } }, k);
      }`);
    const { ended } = suite.project.start("up", "--yes", "--skip-preview");
    const claim = inDefault("persistentvolumeclaims", "manual");
    await untilMade(inDefault("services", "balancer"), ingress, claim);
    const early = await Promise.race([ended, sleep(2_000)]);
    assert.equal(early, undefined, `it does not wait: ${early?.output}`);

    const address = { status: { loadBalancer: { ingress: [{ ip: "10.0.0.9" }] } } };
    await suite.plane.api("PATCH", `${inDefault("services", "balancer")}/status`, address, MERGE);
    await suite.plane.api("PATCH", `${ingress}/status`, address, MERGE);
    await suite.plane.api("POST", "/api/v1/persistentvolumes", {
      metadata: { name: "disk" },
      spec: {
        storageClassName: "manual",
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        hostPath: { path: "/disk" },
      },
    });
    const { exitCode, output } = await ended;
    assert.equal(exitCode, 0, output);
    const state = await suite.project.state();
    const balancer = state.find(({ urn }) => urn.endsWith("::balancer"));
    assert.deepEqual(at(balancer?.outputs, "status.loadBalancer.ingress"), [
      { ip: "10.0.0.9", ipMode: "VIP" },
    ]);
    const bound = state.find(({ urn }) => urn.endsWith("::manual"));
    assert.equal(at(bound?.outputs, "status.phase"), "Bound");
    assert.deepEqual(await suite.project.plan(), []);
    await suite.destroy();
  });

  it("makes a kind of its own and objects of it in one run, and changes them in place", async () => {
    const program = (size: number, round = "1") => `${suite.provider()}
      const kind = new k8s.apiextensions.v1.CustomResourceDefinition("gadgets", {
        metadata: { name: "gadgets.shop.test", labels: { round: "${round}" } },
        spec: { group: "shop.test", scope: "Namespaced", names: { kind: "Gadget", plural: "gadgets", singular: "gadget" },
          versions: [{ name: "v1", served: true, storage: true,
            schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: { size: { type: "integer" } } } } } } }] } }, k);
      new k8s.apiextensions.CustomResource("gadget", { apiVersion: "shop.test/v1", kind: "Gadget",
        metadata: { name: "gadget" }, spec: { size: ${size} } }, { ...k, dependsOn: kind });`;
    suite.project.program(program(1));
    assert.deepEqual(
      (await suite.project.plan()).map(({ op }) => op),
      ["create", "create", "create", "create"],
      "a preview does not need the kind",
    );
    await suite.up();
    suite.project.program(program(2));
    const [step, ...others] = await suite.project.plan();
    assert.deepEqual(others, []);
    assert.deepEqual(step?.detailedDiff, { "spec.size": { kind: "update", inputDiff: false } });
    await suite.up();
    const path = "/apis/shop.test/v1/namespaces/default/gadgets/gadget";
    assert.equal(at(await suite.plane.api("GET", path), "spec.size"), 2);
    const uid = at(await suite.plane.api("GET", path), "metadata.uid");
    suite.project.program(program(2, "2"));
    assert.deepEqual(
      (await suite.project.plan()).map(({ op }) => op),
      ["update"],
    );
    await suite.up();
    assert.equal(at(await suite.plane.api("GET", path), "metadata.uid"), uid, "objects live on");
    await suite.destroy();
  });

  it("previews what it cannot know yet as unknown, and keeps a secret one in every output", async () => {
    suite.project.program(`${suite.provider()}
      const namespace = new k8s.core.v1.Namespace("known", { metadata: { name: "known" } }, k);
      const map = new k8s.core.v1.ConfigMap("about", { metadata: { name: "about" },
        data: { phase: namespace.status.phase, token: pulumi.secret("geheim") } }, k);
      exports.token = map.data.token;`);
    const planned = (await suite.project.plan()).find(({ urn }) => urn.endsWith("::about"));
    assert.equal(at(planned?.newState?.inputs, "data.phase"), UNKNOWN);
    const shown = await suite.up();
    assert.ok(!shown.includes("geheim"), "the output shows no secret");
    assert.ok(!(await suite.project.succeed("stack", "export")).includes("geheim"));
    const data = at(await suite.plane.api("GET", inDefault("configmaps", "about")), "data");
    assert.deepEqual(data, { phase: "Active", token: "geheim" });
    await suite.destroy();
  });

  it("waits as long as customTimeouts say, and not at all when told so", async () => {
    const program = (annotations: string, option: string) => `${suite.provider()}
      const labels = { app: "stuck" };
      new k8s.apps.v1.Deployment("stuck", { metadata: { name: "stuck", annotations: { ${annotations} } },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels },
          spec: { nodeSelector: { none: "has" }, containers: [{ name: "a", image: "a" }] } } } }, { ...k, ${option} });`;
    suite.project.program(program("", 'customTimeouts: { create: "2s", update: "2s" }'));
    const failed = await suite.tryUp();
    assert.notEqual(failed.exitCode, 0);
    assert.match(failed.output, /'stuck' timed out waiting to be Ready/);
    suite.project.program(program('"pulumi.com/skipAwait": "true"', ""));
    await suite.up();
    await suite.destroy();
  });

  it("ends the wait for a Job as soon as that has failed, and makes it anew when asked to", async () => {
    const program = (deadlineSeconds: number, selector: string) => `${suite.provider()}
      new k8s.batch.v1.Job("task", {
        metadata: { name: "task", annotations: { "pulumi.com/replaceUnready": "true" } },
        spec: { activeDeadlineSeconds: ${deadlineSeconds}, template: { spec: {
          restartPolicy: "Never", ${selector} containers: [{ name: "a", image: "a" }] } } } }, k);`;
    suite.project.program(program(1, 'nodeSelector: { none: "has" },'));
    const startedAt = performance.now();
    const failed = await suite.tryUp();
    assert.notEqual(failed.exitCode, 0);
    assert.match(failed.output, /DeadlineExceeded/);
    assert.ok(performance.now() - startedAt < 60_000, "it does not wait for the timeout");
    const [step] = await suite.project.plan();
    assert.equal(step?.op, "replace", "an unchanged program replaces what failed");
    suite.project.program(program(100, ""));
    await suite.up();
    await suite.destroy();
  });

  it("imports an object from the command line, as its program would declare it", async () => {
    await suite.plane.api("POST", "/api/v1/namespaces/default/configmaps", {
      metadata: { name: "found", labels: { by: "hand" } },
      data: { a: "1" },
    });
    await suite.useProject({ KUBECONFIG: suite.plane.kubeconfig });
    suite.project.program("");
    await suite.project.succeed(
      ...["import", "kubernetes:core/v1:ConfigMap", "found", "default/found", "--yes"],
      ...["--generate-code=false", "--protect=false"],
    );
    suite.project.program(`new k8s.core.v1.ConfigMap("found", {
      metadata: { name: "found", namespace: "default", labels: { by: "hand" } }, data: { a: "1" } });`);
    assert.deepEqual(await suite.project.plan(), []);
    await suite.destroy();
    assert.equal(at(await suite.plane.api("GET", inDefault("configmaps", "found")), "code"), 404);
  });

  it("waits in a deletion until nobody holds the object any more", async () => {
    const path = inDefault("configmaps", "held");
    suite.project.program(`${suite.provider()}
      new k8s.core.v1.ConfigMap("held", { metadata: { name: "held", finalizers: ["shop.test/held"] } }, k);`);
    await suite.up();
    const { ended } = suite.project.start("destroy", "--yes", "--skip-preview");
    for (let waited = 0; waited < 60_000; waited += 100) {
      const held = await suite.plane.api("GET", path);
      if (at(held, "metadata.deletionTimestamp") !== undefined) break;
      await sleep(100);
    }
    const early = await Promise.race([ended, sleep(1_500)]);
    assert.equal(early, undefined, `it does not wait: ${early?.output}`);
    await suite.plane.api("PATCH", path, { metadata: { finalizers: null } }, MERGE);
    const { exitCode, output } = await ended;
    assert.equal(exitCode, 0, output);
    assert.equal(at(await suite.plane.api("GET", path), "code"), 404);
  });
});
