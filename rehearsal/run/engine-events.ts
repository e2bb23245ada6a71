import { stripVTControlCharacters } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { Report } from "./report";

/** Component types of the program, in the order a site comes up, with the words the view uses. */
const STEPS: readonly (readonly [type: string, step: string])[] = [
  ["sitewright:hosts:Hosts", "hosts"],
  ["sitewright:registry:Registry", "registry"],
  ["sitewright:edge:ControlPlaneAddress", "address"],
  ["sitewright:cluster:Cluster", "cluster"],
  ["sitewright:edge:Edge", "edge"],
  ["sitewright:node:NodeSettings", "nodes"],
  ["sitewright:storage:Storage", "storage"],
  ["sitewright:certificates:Certificates", "certificates"],
  ["sitewright:mesh:Mesh", "mesh"],
  ["sitewright:ingress:Ingress", "ingress"],
  ["sitewright:tenancy:Tenancy", "tenancy"],
  ["sitewright:logging:Logging", "logging"],
  ["sitewright:monitoring:Monitoring", "monitoring"],
  ["sitewright:tracing:Tracing", "tracing"],
  ["sitewright:nightingale:Nightingale", "nightingale"],
  ["sitewright:delivery:Delivery", "delivery"],
  ["sitewright:config-centre:ConfigCentre", "config centre"],
  // Namespaces and definitions, which all of these stand on.
  ["sitewright:platform:Platform", "platform"],
  ["sitewright:workload:Product", "product"],
];

/** Names of the steps in the order in which they run. */
export const stepNames: readonly string[] = STEPS.map(([, step]) => step);

/** Step that a resource belongs to, by the component types in its URN; undefined for the site itself. */
export function stepOf(urn: string): string | undefined {
  const types = urn.split("::")[2] ?? "";
  return STEPS.find(([type]) => types.split("$").includes(type))?.[1];
}

/** Last part of a URN: the name that the program gave. */
export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** Turns engine events into reports; remembers how many resources of each step are finished. */
export class EngineEventReporter {
  /** URNs, since a deployment in two parts goes over the first part's resources again. */
  private readonly finished = new Map<string, Set<string>>();
  private readonly emit: (report: Report) => void;

  constructor(emit: (report: Report) => void) {
    this.emit = emit;
  }

  /** Takes one event as the engine emits it. */
  take(event: EngineEvent): void {
    if (event.resourcePreEvent) this.step(event.resourcePreEvent.metadata.urn, false);
    if (event.resOutputsEvent) this.step(event.resOutputsEvent.metadata.urn, true);
    if (event.diagnosticEvent) this.diagnostic(event.diagnosticEvent);
    if (event.policyEvent) this.violation(event.policyEvent);
  }

  private step(urn: string, finished: boolean, detail = nameOf(urn)): void {
    const step = stepOf(urn);
    if (!step) return;
    const done = this.finished.get(step) ?? new Set();
    this.finished.set(step, finished ? done.add(urn) : done);
    this.emit({ kind: "step", step, detail, done: done.size });
  }

  private violation(event: NonNullable<EngineEvent["policyEvent"]>): void {
    const { resourceUrn, message, policyName, enforcementLevel } = event;
    this.emit({
      kind: "notice",
      severity: enforcementLevel === "mandatory" ? "error" : "warning",
      about: resourceUrn === undefined ? "" : nameOf(resourceUrn),
      message: `${policyName}: ${plainText(message)}`,
      rule: policyName,
    });
  }

  private diagnostic(event: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    // The engine offers its debug messages too, a score for each resource.
    if (!["info", "info#err", "warning", "error"].includes(event.severity)) return;
    const message = plainText(event.message);
    if (!message) return;
    if (event.severity === "error" || (event.severity === "warning" && !event.ephemeral)) {
      const about = event.urn ? nameOf(event.urn) : "";
      this.emit({ kind: "notice", severity: event.severity, about, message });
    } else if (event.urn) {
      const lastLine = message.split("\n").at(-1) ?? "";
      this.step(event.urn, false, `${nameOf(event.urn)}: ${lastLine}`);
    }
  }
}

/** A message without the engine's marks of colours. */
function plainText(message: string): string {
  return stripVTControlCharacters(message.replace(/<\{%[^%]*%\}>/g, "")).trim();
}
