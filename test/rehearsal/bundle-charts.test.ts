import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { packCharts } from "../../rehearsal/bundle/charts";
import { definitionTexts } from "../../rehearsal/bundle/definitions";
import { catalogue } from "../support/sites";

const pins = { istiod: { version: "1.30.3", kubernetes: {}, images: [] } };

describe("Charts of a rehearsal's bundle", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "charts-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const chart = (path: string, version: string) => {
    mkdirSync(join(folder, path, "templates"), { recursive: true });
    writeFileSync(join(folder, path, "Chart.yaml"), `name: istiod\nversion: ${version}\n`);
    writeFileSync(join(folder, path, "templates/marked.yaml"), "# a real one\n");
  };
  const warnings: string[] = [];
  const warn = (line: string) => warnings.push(line);
  const pack = () => packCharts({ needed: ["istiod"], pins, folder, warn });
  const text = () => gunzipSync(pack().get("istiod") ?? Buffer.alloc(0)).toString("latin1");

  for (const name of ["istiod", "istiod-1.30.3"]) {
    it(`are taken from a folder ${name}/ as they stand`, () => {
      chart(name, "1.30.3");
      assert.match(text(), /istiod\/templates\/marked\.yaml/);
      assert.match(text(), /# a real one/);
    });
  }

  for (const [name, version] of [
    ["istiod-1.30.3.tgz", "1.30.3"],
    ["istiod-v1.30.3.tgz", "v1.30.3"],
  ] as const) {
    it(`are taken from an archive ${name}`, () => {
      chart("istiod", version);
      const made = spawnSync("tar", ["-czf", name, "istiod"], { cwd: folder });
      assert.equal(made.status, 0);
      rmSync(join(folder, "istiod"), { recursive: true });
      assert.match(text(), /# a real one/);
    });
  }

  it("are refused packed in another version than the catalogue's", () => {
    chart("istiod", "1.29.0");
    spawnSync("tar", ["-czf", "istiod-1.30.3.tgz", "istiod"], { cwd: folder });
    assert.throws(pack, /tgz is istiod 1\.29\.0; the catalogue has istiod 1\.30\.3/);
  });

  it("may be unpacked ones of a source tree, whose version is a placeholder, which is said", () => {
    chart("istiod", "1.0.0");
    assert.match(text(), /# a real one/);
    assert.match(warnings.at(-1) ?? "", /istiod 1\.0\.0; the catalogue has istiod 1\.30\.3/);
  });

  it("are refused under another chart's name", () => {
    chart("istiod", "1.30.3");
    writeFileSync(join(folder, "istiod/Chart.yaml"), "name: gateway\nversion: 1.30.3\n");
    assert.throws(pack, /is gateway 1\.30\.3; the catalogue has istiod/);
  });

  it("are named when they are missing, with the names that were looked for", () => {
    assert.throws(pack, /no istiod 1\.30\.3: looked for istiod-1\.30\.3\.tgz, .*istiod/);
  });

  it("leave out templates that are nothing but definitions, which the bundle has apart", () => {
    chart("istiod", "1.30.3");
    const definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n";
    writeFileSync(
      join(folder, "istiod/templates/only.yaml"),
      `{{- if .x }}\n${definition}{{ end }}`,
    );
    writeFileSync(join(folder, "istiod/templates/more.yaml"), `${definition}---\nkind: Role\n`);
    assert.doesNotMatch(text(), /only\.yaml/);
    assert.match(text(), /more\.yaml/);
  });

  it("may lack what the site does not install", () => {
    assert.deepEqual(
      [...packCharts({ needed: [], pins: { other: pins.istiod }, folder, warn })],
      [],
    );
  });
});

describe("Definitions of a rehearsal's bundle", () => {
  const parsed = (text = "") =>
    text
      .split("---\n")
      .filter((part) => part !== "")
      .map((part) => JSON.parse(part));

  it("accept any object where no real ones are given, one for each kind of the catalogue", () => {
    const [, text] = [...definitionTexts(catalogue.crds, undefined, assert.fail)].find(
      ([set]) => set === "gateway-api",
    ) ?? ["", ""];
    const route = parsed(text).find(({ spec }) => spec.names.kind === "HTTPRoute");
    assert.equal(route.metadata.name, "httproutes.gateway.networking.k8s.io");
    assert.equal(route.spec.scope, "Namespaced");
    const [stored, other] = route.spec.versions;
    assert.deepEqual([stored.name, stored.storage, other.storage], ["v1", true, false]);
    assert.equal(stored.schema.openAPIV3Schema["x-kubernetes-preserve-unknown-fields"], true);
  });

  it("are refused from a folder that is not there", () => {
    assert.throws(
      () => definitionTexts(catalogue.crds, "/nowhere/crds", () => undefined),
      /no folder \/nowhere\/crds, which SITEWRIGHT_CRDS names/,
    );
  });

  it("are the real ones of a folder, without their descriptions but with properties of that name", () => {
    const folder = mkdtempSync(join(tmpdir(), "crds-"));
    try {
      mkdirSync(join(folder, "boats"));
      const schema = {
        type: "object",
        description: "long",
        properties: { description: { type: "string", description: "long" } },
      };
      const definition = {
        kind: "CustomResourceDefinition",
        metadata: { name: "boats.sea.example" },
        spec: { versions: [{ name: "v1", schema: { openAPIV3Schema: schema } }] },
      };
      writeFileSync(join(folder, "boats/sea.example_boats.yaml"), JSON.stringify(definition));
      const kinds = [
        { kind: "Boat", plural: "boats", versions: ["v1"], scope: "Namespaced" as const },
      ];
      const set = { version: "1", groups: { "sea.example": kinds } };
      const [made] = parsed(definitionTexts({ boats: set }, folder, assert.fail).get("boats"));
      assert.deepEqual(made.spec.versions[0].schema.openAPIV3Schema, {
        type: "object",
        properties: { description: { type: "string" } },
      });
      const more = { ...set, groups: { "lake.example": kinds } };
      assert.throws(
        () => definitionTexts({ boats: more }, folder, assert.fail),
        /lacks definitions:\s+boats\/boats\.lake\.example/,
      );
      const warnings: string[] = [];
      const texts = definitionTexts({ ships: set }, folder, (line) => warnings.push(line));
      assert.match(texts.get("ships") ?? "", /preserve-unknown-fields/);
      assert.match(warnings.join(), /has no ships: any object of its kinds is accepted/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
