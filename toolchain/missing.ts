import { RunError } from "../site/run-error";

/** One way that was tried to get a tool, and why it did not lead there. */
export interface Attempt {
  readonly way: "this machine" | "cache" | "official release" | "Go modules";
  readonly why: string;
}

/** A tool that could not be had. */
export interface MissingTool {
  readonly tool: string;
  readonly version: string;
  readonly purpose: string;
  readonly attempts: readonly Attempt[];
  /** What still works without it. */
  readonly without: string;
}

/** What a person can do so that the next run finds the tool. */
export function nextSteps(missing: MissingTool): string[] {
  const why = missing.attempts.map((attempt) => attempt.why).join("\n");
  const steps: string[] = [];
  if (/no go command|Go is /.test(why)) {
    steps.push(
      "install a recent Go (go.dev/dl, or your distribution) and run the same command again",
    );
  }
  if (/could not be fetched/.test(why)) {
    steps.push(
      "let this machine reach a Go module proxy (go env GOPROXY), or build where one is reached",
    );
  }
  if (/cannot be reached/.test(why)) {
    steps.push("let this machine reach that host, directly or by HTTPS_PROXY");
  }
  if (/SITEWRIGHT_OFFLINE/.test(why))
    steps.push("run once with network and without SITEWRIGHT_OFFLINE=1");
  if (/disk is full|ENOSPC/.test(why))
    steps.push("free space, or set SITEWRIGHT_CACHE to a larger disk");
  steps.push(
    `put ${missing.tool} ${missing.version} on the PATH, or copy the cache of a machine that has it`,
  );
  return steps;
}

/** Tools that could not be had, each with what was tried; its message is the whole report. */
export class ToolsMissing extends RunError {
  readonly missing: readonly MissingTool[];

  constructor(missing: readonly MissingTool[]) {
    const parts = missing.map((tool) =>
      [
        `${tool.tool} ${tool.version} is needed (${tool.purpose}) and could not be had.`,
        ...tool.attempts.map((attempt) => `  tried ${attempt.way}: ${attempt.why}`),
        ...nextSteps(tool).map((step, index) => `  ${index === 0 ? "next:" : "  or:"} ${step}`),
        `  without it: ${tool.without}`,
      ].join("\n"),
    );
    super(parts.join("\n"), { exitCode: 5 });
    this.missing = missing;
  }
}

/** The run was interrupted while getting tools; nothing half-made was left. */
export class ToolsInterrupted extends RunError {
  constructor() {
    super(
      "Interrupted while getting tools. What was finished is kept; run the same command again.",
      {
        exitCode: 130,
      },
    );
  }
}
