import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeFiles } from "../../components/logging/store-script";
import { loggingBlueprint } from "./site";

function filesOf(metricbeat: boolean) {
  const { store } =
    loggingBlueprint((site) => {
      site.logging = { inSite: { keepDays: 7 }, metricbeat };
    }).platform.logging ?? {};
  if (store === undefined) throw new Error("no store");
  return { store, files: storeFiles(store) };
}

describe("The site's own store of logs", () => {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-store-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the cleaning where the store has these indices, and gives those that it deletes. */
  function deleted(indices: readonly string[], keepMiB: number, streams: object): string[] {
    const curl = join(folder, "curl");
    writeFileSync(join(folder, "listed"), indices.map((line) => `${line}\n`).join(""));
    // Answers a list, and writes down what it is to delete.
    writeFileSync(
      curl,
      `#!/bin/bash\nfor last; do :; done\ncase "$*" in\n*"--request DELETE"*) echo "$last" >> '${folder}/deleted' ;;\n*) echo "$last" > '${folder}/asked'; cat '${folder}/listed' ;;\nesac\n`,
    );
    chmodSync(curl, 0o755);
    writeFileSync(join(folder, "deleted"), "");
    const script = (filesOf(true).files["clean.sh"] ?? "").replaceAll("/tmp/", `${folder}/`);
    const env = {
      PATH: `${folder}:${process.env.PATH ?? ""}`,
      STORE: "http://store",
      KEEP_MIB: String(keepMiB),
      ADMINISTRATOR_PASSWORD: "p",
      ...streams,
    };
    const { status, stderr } = spawnSync("bash", ["-c", script], { env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return readFileSync(join(folder, "deleted"), "utf8").split("\n").slice(0, -1);
  }

  const both = { STREAM: "logs-parcels-site-t", METRICS: "metrics-parcels-site-t" };
  const day = (stream: string, number: number) => `.ds-${stream}-2026.11.0${number}-00000${number}`;
  const logs = (number: number) => day(both.STREAM, number);
  const figures = (number: number) => day(both.METRICS, number);

  it("makes room from the oldest on, of logs and of figures", () => {
    const indices = [`${logs(1)} 100`, `${figures(1)} 300`, `${logs(2)} 100`, `${figures(2)} 300`];
    assert.deepEqual(deleted(indices, 800, both), []);
    assert.deepEqual(deleted(indices, 450, both), [
      `http://store/${logs(1)}`,
      `http://store/${figures(1)}`,
    ]);
    const asked = readFileSync(join(folder, "asked"), "utf8");
    assert.ok(asked.includes(`/_cat/indices/.ds-${both.STREAM}-*,.ds-${both.METRICS}-*?`), asked);
  });

  it("leaves the indices that are written to, whichever are older", () => {
    const indices = [`${figures(1)} 500`, `${logs(1)} 10`, `${logs(2)} 10`];
    assert.deepEqual(deleted(indices, 1, both), [`http://store/${logs(1)}`]);
    assert.deepEqual(deleted([], 1, { ...both, METRICS: "" }), []);
  });

  it("lets figures go after as many days as logs", () => {
    const { store, files } = filesOf(true);
    const template = JSON.parse(files["metrics.json"] ?? "");
    assert.deepEqual(template.index_patterns, [store.metricsStream]);
    assert.equal(template.template.settings["index.lifecycle.name"], "sitewright-logs");
    assert.match(files["setup.sh"] ?? "", /metrics\.json/);
    const without = filesOf(false);
    assert.equal(without.store.metricsStream, undefined);
    assert.equal(without.files["metrics.json"], undefined);
  });

  it("takes entries with values that are too long to be searched for", () => {
    const { mappings } = JSON.parse(filesOf(true).files["template.json"] ?? "").template;
    // Lucene takes 32766 bytes, and a letter of UTF-16 has at most three.
    for (const { ignore_above } of [
      mappings.properties.app,
      mappings.properties.fields,
      mappings.dynamic_templates[0].texts.mapping,
    ]) {
      assert.ok(ignore_above * 3 < 32_766, String(ignore_above));
    }
  });
});
