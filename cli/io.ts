import { projectRoot } from "../site/load";
import type { Screen } from "./view/colours";
import { ownTerminal, type Terminal } from "./view/hidden-prompt";

/** All that a command touches besides the site: given, so that tests give their own. */
export interface Io {
  /** The result, for reading or for another program. */
  readonly stdout: Screen;
  /** Progress, questions, faults. */
  readonly stderr: Screen;
  readonly env: NodeJS.ProcessEnv;
  /** A person to ask; absent in a pipeline. */
  readonly terminal?: Terminal;
  /** The project's folder. */
  readonly root: string;
}

/** The process's own. */
export function ownIo(): Io {
  const terminal = ownTerminal();
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    root: projectRoot,
    ...(terminal === undefined ? {} : { terminal }),
  };
}
