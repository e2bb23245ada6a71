import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../site/load";
import { defaultNames, workloadDefaults, workloadSettings } from "../../site/workload/defaults";
import { workloadKinds } from "../../site/workload/kinds";

const context = {
  kind: "Deployment",
  served: true,
  antiAffinity: "preferred",
  boundVolume: false,
  timezone: "Asia/Tokyo",
} as const;

describe("Defaults of workloads", () => {
  it("stand in the documentation as they are", () => {
    const page = readFileSync(join(projectRoot, "docs/workload-defaults.md"), "utf8");
    for (const name of defaultNames) {
      const { kinds, fallback, what } = workloadDefaults[name];
      const all = kinds.length === workloadKinds.length;
      const shown =
        typeof fallback === "function"
          ? "see right"
          : `\`${JSON.stringify(fallback).replaceAll('"', "")}\``;
      const row = `| \`${name}\` | ${all ? "all" : kinds.join(", ")} | ${shown} | ${what} |`;
      assert.ok(page.includes(row), `docs/workload-defaults.md needs the row\n${row}`);
    }
  });

  it("are values that a workload could state too", () => {
    const settings = workloadSettings({}, context);
    for (const name of defaultNames) {
      const { field } = workloadDefaults[name];
      assert.deepEqual(field.parse(settings[name]), settings[name], name);
    }
  });

  const cases = [
    {
      title: "Pods serve on for a moment where others call them",
      more: {},
      wanted: { preStopSeconds: 5 },
    },
    {
      title: "and end at once where nobody does",
      more: { served: false },
      wanted: { preStopSeconds: 0 },
    },
    {
      title: "Pods that share a volume of one node never meet",
      more: { boundVolume: true },
      wanted: { updateStrategy: "recreate" },
    },
    {
      title: "which a StatefulSet sees to by itself",
      more: { boundVolume: true, kind: "StatefulSet" as const },
      wanted: { updateStrategy: "rolling" },
    },
    {
      title: "Pods that may stand together may do so in one zone",
      more: { antiAffinity: "none" as const },
      wanted: { zoneSpread: "none" },
    },
    { title: "processes see the site's time", more: {}, wanted: { timeZone: "Asia/Tokyo" } },
  ];
  for (const { title, more, wanted } of cases) {
    it(`depend on the workload: ${title}`, () => {
      const settings = workloadSettings({}, { ...context, ...more });
      assert.deepEqual({ ...settings, ...wanted }, settings);
    });
  }

  it("give way to what a workload states", () => {
    const because = "the reason is part of the test";
    const settings = workloadSettings({ backoffLimit: { value: 0, because } }, context);
    assert.equal(settings.backoffLimit, 0);
  });
});
