import { stepNames } from "../../rehearsal/run/engine-events";
import type { Report } from "../../rehearsal/run/report";

type Notice = Extract<Report, { kind: "notice" }>;

/** Turns reports of a deployment into one line for the view, and remembers what went wrong on the way. */
export class DeploymentProgress {
  private readonly done = new Map<string, number>();
  private readonly notices: Notice[] = [];
  private readonly redrawn: boolean;
  private before = "";

  /** `redrawn`: each line replaces the last one, as on a terminal; else only lines worth keeping are given. */
  constructor(redrawn: boolean) {
    this.redrawn = redrawn;
  }

  /** Takes a report; gives the line to show, or undefined when there is nothing new to show. */
  take(report: Report): string | undefined {
    if (report.kind === "notice") {
      this.notices.push(report);
      return undefined;
    }
    if (report.kind !== "step") return undefined;
    this.done.set(report.step, Math.max(report.done, this.done.get(report.step) ?? 0));
    const line = `${report.step}: ${report.detail}`;
    const isNews = line !== this.before && (this.redrawn || report.detail.includes(": "));
    if (isNews) this.before = line;
    return isNews ? line : undefined;
  }

  /** Finished resources by step, in the order of a site: `hosts 24, registry 4, …`. */
  counts(): string {
    return stepNames
      .filter((step) => this.done.has(step))
      .map((step) => `${step} ${this.done.get(step)}`)
      .join(", ");
  }

  /** Warnings, each once. */
  warnings(): string[] {
    return [...new Set(this.texts("warning"))];
  }

  /** What stopped the deployment: the resources' own errors, or `otherwise` where none was reported. */
  faults(otherwise: string): string {
    const errors = [...new Set(this.texts("error"))].filter(
      (text) => !/^(update failed|destroy failed|resource registration failed)/.test(text),
    );
    return errors.length > 0 ? errors.join("\n\n") : otherwise;
  }

  /** Whether a rule of the policy pack stopped the deployment. */
  wasRefused(): boolean {
    return this.notices.some(({ severity, rule }) => severity === "error" && rule !== undefined);
  }

  private texts(severity: Notice["severity"]): string[] {
    return this.notices
      .filter((notice) => notice.severity === severity)
      .map(({ about, message }) => (about ? `${about}: ${message}` : message));
  }
}
