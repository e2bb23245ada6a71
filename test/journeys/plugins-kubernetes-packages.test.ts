import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onCluster } from "./support/plugins/cluster-suite";
import { at } from "./support/plugins/control-plane";

describe("Manifests and charts by the stand-in, with a real engine, helm and control plane", function () {
  this.timeout(180_000);
  const suite = onCluster(1);
  const config = (namespace: string, name: string) =>
    `/api/v1/namespaces/${namespace}/configmaps/${name}`;

  it("makes manifests and a chart with its CRD as components, and sees no change afterwards", async () => {
    const chart = writeChart(suite.project.folder);
    suite.project.program(`${suite.provider()}
      const group = new k8s.yaml.v2.ConfigGroup("group", { yaml: "apiVersion: v1\\nkind: Namespace\\nmetadata: {name: grouped}\\n---\\napiVersion: v1\\nkind: Secret\\nmetadata: {name: key, namespace: grouped}\\nstringData: {key: geheim}\\n" }, { providers: [k.provider] });
      new k8s.helm.v4.Chart("small", { chart: ${JSON.stringify(chart)}, namespace: "grouped", values: { greeting: "hello" } }, { providers: [k.provider], dependsOn: group });`);
    await suite.up();
    const names = (await suite.project.state())
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
    assert.deepEqual(await suite.project.plan(), []);
    assert.ok(
      !(await suite.project.succeed("stack", "export")).includes(
        Buffer.from("geheim").toString("base64"),
      ),
    );
    await suite.destroy();
  });

  it("makes what stands in files, ready or not when it is not to wait", async () => {
    const { folder } = suite.project;
    mkdirSync(join(folder, "manifests"));
    writeFileSync(
      join(folder, "manifests", "one.yaml"),
      `apiVersion: apps/v1
kind: Deployment
metadata: {name: nowhere, namespace: default}
spec:
  selector: {matchLabels: {app: nowhere}}
  template:
    metadata: {labels: {app: nowhere}}
    spec: {nodeSelector: {none: has}, containers: [{name: a, image: a}]}
`,
    );
    writeFileSync(
      join(folder, "two.yaml"),
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: two}\ndata: {a: '1'}\n",
    );
    suite.project.program(`${suite.provider()}
      const providers = [k.provider];
      new k8s.yaml.v2.ConfigGroup("group", { files: ["manifests/*.yaml"], skipAwait: true }, { providers });
      const file = new k8s.yaml.v2.ConfigFile("file", { file: "two.yaml", resourcePrefix: "pre" }, { providers });
      exports.names = file.resources.apply((all) => all.map((one) => one.metadata.name));`);
    await suite.up();
    assert.deepEqual(
      JSON.parse(await suite.project.succeed("stack", "output", "names", "--json")),
      ["two"],
    );
    const names = (await suite.project.state()).map(({ urn }) => urn.split("::").at(-1));
    assert.ok(names.includes("pre:default/two"), names.join());
    assert.ok(names.includes("group:default/nowhere"), names.join());
    assert.deepEqual(await suite.project.plan(), []);
    await suite.destroy();
    assert.equal(at(await suite.plane.api("GET", config("default", "two")), "code"), 404);
  });

  it("installs, upgrades and uninstalls a release, and keeps its values secret", async () => {
    const chart = writeChart(suite.project.folder);
    const program = (greeting: string, more = "") => `${suite.provider()}
      const release = new k8s.helm.v3.Release("small", { chart: ${JSON.stringify(chart)}, name: "small", namespace: "releases",
        createNamespace: true, values: { greeting: "${greeting}", password: pulumi.secret("geheim"), ${more} } }, k);
      exports.names = release.resourceNames;
      exports.revision = release.status.revision;`;
    const revision = async () =>
      JSON.parse(await suite.project.succeed("stack", "output", "revision", "--json")) as number;
    suite.project.program(program("hello"));
    const [planned] = (await suite.project.plan()).filter(({ urn }) => /::small$/.test(urn));
    assert.equal(planned?.op, "create");
    await suite.up();
    const settings = config("releases", "small-settings");
    assert.equal(at(await suite.plane.api("GET", settings), "data.greeting"), "hello");
    assert.deepEqual(
      JSON.parse(await suite.project.succeed("stack", "output", "names", "--json")),
      {
        "ConfigMap/v1": ["small-settings"],
        "Widget.example.test/example.test/v1": ["small"],
      },
    );
    assert.ok(!(await suite.project.succeed("stack", "export")).includes("geheim"));
    assert.deepEqual(await suite.project.plan(), [], "a second preview has no change");

    suite.project.program(program("bye"));
    const [change, ...others] = await suite.project.plan();
    assert.deepEqual(others, []);
    assert.equal(change?.op, "update");
    assert.deepEqual(Object.keys(change?.detailedDiff ?? {}), ["values.greeting"]);
    await suite.up();
    assert.equal(at(await suite.plane.api("GET", settings), "data.greeting"), "bye");
    assert.equal(await revision(), 2);

    suite.project.program(program("bye", "broken: true"));
    const failed = await suite.tryUp();
    assert.notEqual(failed.exitCode, 0);
    assert.match(failed.output, /Helm release "releases\/small"/);
    suite.project.program(program("again"));
    await suite.up();
    assert.equal(at(await suite.plane.api("GET", settings), "data.greeting"), "again");

    await suite.destroy();
    assert.equal(at(await suite.plane.api("GET", settings), "code"), 404);
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
{{- if .Values.broken }}
---
apiVersion: v1
kind: Service
metadata: {name: "Not A Name"}
{{- end }}
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
