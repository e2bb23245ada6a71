/** What is being done for a tool, in the order in which it happens. */
export type ToolStage =
  | "waiting"
  | "download"
  | "modules"
  | "build"
  | "packages"
  | "ready"
  | "failed";

/** One step of progress, for a view that shows a line per tool. */
export interface ToolEvent {
  /** A tool's name, or `debian-layer`. */
  readonly tool: string;
  readonly stage: ToolStage;
  /** A few words for people, without the tool's name. */
  readonly detail: string;
  /** Since work on this tool began. */
  readonly elapsedSeconds: number;
}

export type OnProgress = (event: ToolEvent) => void;

/** Says what is being done, with the time since `reporterFor` was called. */
export type Report = (stage: ToolStage, detail: string) => void;

/** Starts the clock of one tool. */
export function reporterFor(tool: string, onProgress: OnProgress | undefined): Report {
  const started = performance.now();
  return (stage, detail) => {
    onProgress?.({ tool, stage, detail, elapsedSeconds: (performance.now() - started) / 1000 });
  };
}
