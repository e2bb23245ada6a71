import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { RunError } from "../../site/run-error";
import { engineProgram } from "./engine-program";
import type { StackConfiguration } from "./stack-configuration";
import { stateSubjects } from "./state";
import type { Subject } from "./subject";

/** Project of the deployment; the pack itself is in a folder of it. */
const root = join(__dirname, "../..");

/**
 * What the stack held before this run, from the engine's own state; undefined in an update, which has changed it by the
 * time that rules are asked. Pulumi itself tells a pack only of what is to be.
 * @throws RunError when the state cannot be read.
 */
export function stackBefore({
  stack,
  wholeName = stack,
  dryRun = false,
}: StackConfiguration): readonly Subject[] | undefined {
  if (!dryRun) return undefined;
  const args = ["stack", "export", "--non-interactive", "--stack", wholeName];
  try {
    const exported = execFileSync(engineProgram(), args, {
      cwd: root,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      encoding: "utf8",
      maxBuffer: 2 ** 30,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 120_000,
    });
    return stateSubjects(exported);
  } catch (cause) {
    const { stderr, message } = cause as { readonly stderr?: string; readonly message?: string };
    const why = (stderr || message || "").trim().split("\n").at(-1) ?? "";
    throw new RunError(`pulumi stack export did not show what ${stack} held before: ${why}`, {
      nextStep: "see that the very command works here, and run the preview again",
      cause,
    });
  }
}
