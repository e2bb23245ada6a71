import assert from "node:assert/strict";
import { logFormat } from "../../policies/log-format";
import { logFormatLabel } from "../../site/workload/logs";
import { objectSubject, patchSubject, siteA, violations } from "./support/judging";
import { deployment } from "./support/sample-objects";

type Change = NonNullable<Parameters<typeof deployment>[0]>;

const labelled =
  (format: unknown): Change =>
  (object) => {
    object.spec.template.metadata.labels[logFormatLabel] = format;
  };
const found = (change: Change, setting: Parameters<typeof violations>[2] = {}) =>
  violations(logFormat, [objectSubject(deployment(change))], setting);
const unlabelled = labelled(undefined);
const path = `Deployment parcels/web: spec.template.metadata.labels["${logFormatLabel}"]`;

/** Site-a with other rules about what is left out of its logs. */
function dropping(drop: readonly object[]) {
  const blueprint = siteA();
  const { logging } = blueprint.platform;
  if (logging === undefined) throw new Error("site-a collects logs");
  const filebeat = { ...logging.filebeat, drop };
  return { ...blueprint, platform: { ...blueprint.platform, logging: { ...logging, filebeat } } };
}

describe("log-format", () => {
  for (const format of ["json", "text"]) {
    it(`lets Pods through that write ${format}`, () => {
      assert.deepEqual(found(labelled(format)), []);
    });
  }

  for (const [title, format, given] of [
    ["no label", undefined, "nothing"],
    ["a format that nobody reads", "xml", '"xml"'],
    ["a label that is no text", { odd: true }, '{"odd":true}'],
  ] as const) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...others] = found(labelled(format));
      assert.ok(violation.startsWith(`${path} needs json or text; given ${given};`), violation);
      assert.deepEqual(others, []);
    });
  }

  it("looks at the Pods of a CronJob", () => {
    const template = { metadata: {}, spec: { containers: [] } };
    const metadata = { name: "report", namespace: "parcels" };
    const spec = { jobTemplate: { spec: { template } } };
    const cronJob = { apiVersion: "batch/v1", kind: "CronJob", metadata, spec };
    const [violation = ""] = violations(logFormat, [objectSubject(cronJob)]);
    assert.match(
      violation,
      /^CronJob parcels\/report: spec\.jobTemplate\.spec\.template\.metadata/,
    );
  });

  it("does not ask it of what a patch leaves alone", () => {
    assert.deepEqual(violations(logFormat, [patchSubject(deployment(unlabelled))]), []);
  });

  it("asks it of the platform's Pods only where the site wants that", () => {
    const own: Change = (object) => {
      unlabelled(object);
      object.metadata.namespace = "monitoring";
    };
    assert.deepEqual(found(own), []);
    assert.equal(found(own, { settings: { platform: true } }).length, 1);
  });

  it("does not ask it of what is not collected, by workload or by namespace", () => {
    const workload = dropping([{ namespace: "parcels", workload: "web" }]);
    assert.deepEqual(found(unlabelled, { blueprint: workload }), []);
    assert.deepEqual(found(unlabelled, { blueprint: dropping([{ namespace: "parcels" }]) }), []);
  });

  it("asks it where only some lines or containers are left out", () => {
    const some = dropping([
      { namespace: "parcels", matching: "kube-probe/" },
      { namespace: "parcels", container: "web" },
      { namespace: "parcels", workload: "api" },
    ]);
    assert.equal(found(unlabelled, { blueprint: some }).length, 1);
  });

  it("asks nothing where nobody collects logs", () => {
    const blueprint = siteA();
    const { logging: _, ...platform } = blueprint.platform;
    assert.deepEqual(found(unlabelled, { blueprint: { ...blueprint, platform } }), []);
  });
});
