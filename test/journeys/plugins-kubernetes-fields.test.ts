import assert from "node:assert/strict";
import { onCluster } from "./support/plugins/cluster-suite";
import { at } from "./support/plugins/control-plane";

describe("Fields that others changed, by the stand-in with a real engine and control plane", function () {
  this.timeout(180_000);
  const suite = onCluster(1);
  const config = (name: string) => `/api/v1/namespaces/default/configmaps/${name}`;

  it("finds a change made by hand, explains the conflict, and takes the field back when told to", async () => {
    const program = (annotations: string) =>
      `${suite.provider("enableConfigMapMutable: true")}new k8s.core.v1.ConfigMap("hand", { metadata: { name: "hand", ${annotations} }, data: { a: "1" } }, k);`;
    suite.project.program(program('labels: { round: "1" }'));
    await suite.up();
    suite.project.program(program('labels: { round: "2" }'));
    await suite.up();
    await suite.plane.api(
      "PATCH",
      config("hand"),
      { data: { a: "by hand" } },
      "application/merge-patch+json",
    );
    await suite.project.succeed("refresh", "--yes", "--skip-preview");
    const [step] = await suite.project.plan(true);
    assert.deepEqual(Object.keys(step?.detailedDiff ?? {}), ["data.a"]);

    const refused = await suite.tryUp();
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.output, /field conflict detected/);
    assert.match(refused.output, /\.data\.a/);
    assert.match(refused.output, /pulumi\.com\/patchForce/);

    suite.project.program(program('annotations: { "pulumi.com/patchForce": "true" }'));
    await suite.up();
    assert.equal(at(await suite.plane.api("GET", config("hand")), "data.a"), "1");
    await suite.destroy();
  });

  it("refuses to undo kubectl scale, in the preview already, unless it is forced to", async () => {
    const program = (more: string) => `${suite.provider(`upsertExistingObjects: true, ${more}`)}
      const labels = { app: "scaled" };
      new k8s.apps.v1.Deployment("scaled", {
        metadata: { name: "scaled", annotations: { "pulumi.com/patchFieldManager": "sitewright" } },
        spec: { replicas: 1, selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: "a", image: "a" }] } } },
      }, k);`;
    const path = "/apis/apps/v1/namespaces/default/deployments/scaled";
    suite.project.program(program(""));
    await suite.up();
    const body = { spec: { replicas: 3 } };
    const type = "application/merge-patch+json";
    await suite.plane.api("PATCH", `${path}/scale?fieldManager=kubectl`, body, type);
    await suite.project.succeed("refresh", "--yes", "--skip-preview");

    const conflict =
      /conflict with "kubectl" with subresource "scale" using apps\/v1: \.spec\.replicas/;
    const preview = await suite.project.run("preview");
    assert.notEqual(preview.exitCode, 0);
    assert.match(preview.output, conflict);
    const refused = await suite.tryUp();
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.output, conflict);
    assert.equal(at(await suite.plane.api("GET", path), "spec.replicas"), 3);

    suite.project.program(program("enablePatchForce: true"));
    await suite.project.succeed("up", "--yes");
    assert.equal(at(await suite.plane.api("GET", path), "spec.replicas"), 1);
    await suite.destroy();
  });

  it("undoes kubectl edit, which the preview takes for a conflict still", async () => {
    suite.project.program(`${suite.provider("upsertExistingObjects: true, enableConfigMapMutable: true")}
      new k8s.core.v1.ConfigMap("edited", { metadata: { name: "edited" }, data: { a: "1" } }, k);`);
    await suite.up();
    const edit = { data: { a: "2", b: "3" } };
    const path = `${config("edited")}?fieldManager=kubectl-edit`;
    await suite.plane.api("PATCH", path, edit, "application/merge-patch+json");
    await suite.project.succeed("refresh", "--yes", "--skip-preview");
    const preview = await suite.project.run("preview");
    assert.match(preview.output, /conflict with "kubectl-edit"/);
    await suite.up();
    assert.deepEqual(at(await suite.plane.api("GET", config("edited")), "data"), { a: "1" });
    await suite.destroy();
  });
});
