import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { EngineEventReporter, nameOf, stepOf } from "../../rehearsal/run/engine-events";
import type { Report } from "../../rehearsal/run/report";

const site = "urn:pulumi:site-a::sitewright::sitewright:site:Site";
const preflight = `${site}$sitewright:hosts:Hosts$command:remote:Command::site-hosts-cp-1-preflight`;
const web = `${site}$sitewright:workload:Product$sitewright:workload:Workload$kubernetes:apps/v1:StatefulSet::web`;

const ceph = `${site}$sitewright:platform:Platform$sitewright:storage:Storage$sitewright:storage:Ceph$kubernetes:helm.sh/v4:Chart$kubernetes:ceph.rook.io/v1:CephCluster::rook-ceph/rook-ceph`;

function outputsOf(urn: string): EngineEvent {
  return { resOutputsEvent: { metadata: { urn } } } as unknown as EngineEvent;
}

function diagnostic(event: Partial<NonNullable<EngineEvent["diagnosticEvent"]>>): EngineEvent {
  const whole = { message: "", color: "never", severity: "info", ...event };
  return { diagnosticEvent: whole } as unknown as EngineEvent;
}

function reportsOf(...events: EngineEvent[]): Report[] {
  const reports: Report[] = [];
  const reporter = new EngineEventReporter((report) => reports.push(report));
  for (const event of events) reporter.take(event);
  return reports;
}

/** As the engine tells of what breaks a rule. */
function violation(event: Partial<NonNullable<EngineEvent["policyEvent"]>>): EngineEvent {
  const whole = { policyName: "probes", enforcementLevel: "mandatory", color: "never", ...event };
  return { policyEvent: whole } as unknown as EngineEvent;
}

describe("Progress from the engine's events", () => {
  const places = [
    { urn: preflight, step: "hosts", name: "site-hosts-cp-1-preflight" },
    { urn: web, step: "product", name: "web" },
    { urn: ceph, step: "storage", name: "rook-ceph/rook-ceph" },
    { urn: `${site}::site`, step: undefined, name: "site" },
  ];
  for (const { urn, step, name } of places) {
    it(`puts ${name} under ${step ?? "no step"}`, () => {
      assert.equal(stepOf(urn), step);
      assert.equal(nameOf(urn), name);
    });
  }

  it("counts a resource once, though the second part of a deployment passes it again", () => {
    const reports = reportsOf(outputsOf(preflight), outputsOf(preflight), outputsOf(web));
    const counts = reports.map((report) => report.kind === "step" && [report.step, report.done]);
    assert.deepEqual(counts, [
      ["hosts", 1],
      ["hosts", 1],
      ["product", 1],
    ]);
  });

  it("shows the last line that a command printed, without colour codes", () => {
    const [report] = reportsOf(
      diagnostic({ urn: preflight, message: "<{%reset%}>one\n\u001b[1mtwo\u001b[0m<{%reset%}>\n" }),
    );
    assert.ok(report?.kind === "step");
    assert.equal(report.detail, "site-hosts-cp-1-preflight: two");
  });

  it("passes errors and lasting warnings on, and keeps debug messages to itself", () => {
    const reports = reportsOf(
      diagnostic({ severity: "error", urn: web, message: "0 of 3 ready" }),
      diagnostic({ severity: "warning", message: "old API" }),
      diagnostic({ severity: "debug" as "info", urn: web, message: "wire" }),
    );
    assert.deepEqual(reports, [
      { kind: "notice", severity: "error", about: "web", message: "0 of 3 ready" },
      { kind: "notice", severity: "warning", about: "", message: "old API" },
    ]);
  });

  it("tells what breaks a rule as a fault, or as a warning where the rule is advisory", () => {
    const message = "Containers have probes.\nspec needs one; given none; next: add it\n";
    const text = `probes: ${message.trim()}`;
    const reports = reportsOf(
      violation({ resourceUrn: web, message }),
      violation({ message, enforcementLevel: "advisory" as "warning" }),
    );
    assert.deepEqual(reports, [
      { kind: "notice", severity: "error", about: "web", message: text, rule: "probes" },
      { kind: "notice", severity: "warning", about: "", message: text, rule: "probes" },
    ]);
  });
});
