import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alertsOf, ruleFiles } from "../../site/alerting/rule-files";
import type { RuleFile } from "../../site/alerting/rule-types";
import { everyRule } from "../../site/documentation/every-rule";
import { loadSite } from "../../site/load";
import { allCases } from "../alerting/cases/all";
import type { Cases } from "../alerting/cases/case";
import { releaseCases } from "../alerting/cases/release";
import { askedBy, ruleFileName, ruleText, testTexts } from "../alerting/promtool";
import { program } from "./support/programs";

/** What promtool, which is Prometheus' own, says of every rule and of every case. */
describe("Rules, by promtool", function () {
  this.timeout(300_000);
  const promtool = program("promtool");
  const folder = mkdtempSync(join(tmpdir(), "sitewright-rules-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const samples = (["site-a", "site-b"] as const).map((name) => {
    const loaded = loadSite(name);
    const files = ruleFiles(loaded);
    const casesOf = (file: RuleFile) => releaseCases(loaded.release, loaded.site.timezone, file);
    return { name, files, casesOf };
  });
  const every = everyRule();

  for (const { name, files } of [...samples, { name: "a site with everything", files: every }]) {
    it(`of ${name} can be read`, () => {
      for (const file of files) {
        const path = join(folder, ruleFileName(file));
        writeFileSync(path, ruleText(file));
        const said = execFileSync(promtool, ["check", "rules", path], { encoding: "utf8" });
        assert.match(said, /SUCCESS: [1-9]/);
      }
    });
  }

  it("are refused when they are wrong", () => {
    const path = join(folder, "wrong.json");
    const rules = [{ alert: "Wrong", expr: "rate(up)" }];
    writeFileSync(path, JSON.stringify({ groups: [{ name: "wrong", rules }] }));
    assert.notEqual(spawnSync(promtool, ["check", "rules", path]).status, 0);
  });

  for (const file of every.filter(({ name }) => allCases[name] !== undefined)) {
    it(`of ${file.name} fire when they should and stay quiet when they should not`, () => {
      tested(file, allCases[file.name] ?? {}, askedBy(file, every));
    });
  }

  for (const { name, files, casesOf } of samples) {
    for (const file of files) {
      const cases = casesOf(file);
      if (Object.keys(cases).length === 0) continue;
      it(`that the release of ${name} states (${file.name}) do as their own tests say`, () => {
        tested(file, cases, askedBy(file, files));
      });
    }
  }

  it("all have a case in which they fire and one in which they do not", () => {
    const cases = [
      ...Object.values(allCases),
      ...samples.flatMap(({ files, casesOf }) => files.map(casesOf)),
    ];
    const lacking = (which: "fires" | "quiet") =>
      [every, ...samples.map(({ files }) => files)]
        .flatMap((files) => alertsOf(files).map(({ alert }) => alert))
        .filter((alert) => !cases.some((one) => (one[alert]?.[which].length ?? 0) > 0));
    assert.deepEqual(lacking("fires"), []);
    // Nothing can stop it, or it would be no sign of life.
    assert.deepEqual([...new Set(lacking("quiet"))], ["Watchdog"]);
  });

  function tested(file: RuleFile, cases: Cases, others: readonly RuleFile[]): void {
    const texts = testTexts(file, cases, others);
    for (const one of [...others, file])
      writeFileSync(join(folder, ruleFileName(one)), ruleText(one));
    assert.ok(texts.length > 0);
    const paths = texts.map((text, at) => {
      const path = join(folder, `${file.name}-${at}.test.json`);
      writeFileSync(path, text);
      return path;
    });
    const { status, stdout, stderr } = spawnSync(promtool, ["test", "rules", ...paths], {
      encoding: "utf8",
    });
    assert.equal(status, 0, `${stdout}${stderr}`.slice(0, 4000));
  }
});
