import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Dashboard } from "../../site/dashboards/dashboard-types";
import { everySet } from "../dashboards/sites";
import { program } from "./support/programs";

/** What promtool, which reads expressions with Prometheus' own parser, says of every one that dashboards ask. */
describe("Expressions of dashboards, by promtool", function () {
  this.timeout(120_000);
  const promtool = program("promtool");
  const folder = mkdtempSync(join(tmpdir(), "sitewright-dashboards-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [at, [name, set]] of everySet().entries()) {
    it(`can be asked at ${name}`, () => {
      const all = expressions(set);
      assert.ok(all.length > 50, `${all.length} expressions`);
      const said = check(join(folder, `${at}.yaml`), all);
      assert.match(said, new RegExp(`SUCCESS: ${all.length} rules found`));
    });
  }

  it("are refused when they are wrong", () => {
    const file = join(folder, "wrong.yaml");
    assert.throws(() => check(file, ['rate(up{job="a"})']), /expected type range vector/);
  });

  /** Each as a rule that would record it, which is what promtool reads. */
  function check(file: string, all: readonly string[]): string {
    const rules = all.map((expr, at) => ({ record: `dashboards:expression_${at}`, expr }));
    writeFileSync(file, stringify({ groups: [{ name: "dashboards", rules }] }, { lineWidth: 0 }));
    return execFileSync(promtool, ["check", "rules", file], { encoding: "utf8", stdio: "pipe" });
  }
});

/** Every expression of every panel and variable, with variables filled in as Grafana does for "All". */
function expressions(set: readonly Dashboard[]): readonly string[] {
  return set.flatMap(({ rows, variables }) => {
    const filled = (expr: string) =>
      variables.reduce((text, { name }) => text.replaceAll(`$${name}`, ".+"), expr);
    return [
      ...variables.map(({ of }) => filled(of)),
      ...rows.flatMap(({ panels }) =>
        panels.flatMap(({ targets }) => targets.map(({ expr }) => filled(expr))),
      ),
    ];
  });
}
