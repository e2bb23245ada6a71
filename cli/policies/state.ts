import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { stateSubjects } from "../../policies/support/state";
import type { Subject } from "../../policies/support/subject";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";

/** Where the state is and what opens it. */
export interface StateSource {
  /** Folder of the project. */
  readonly root: string;
  readonly site: string;
  /** Environment of the engine: its backend, as for `pulumi up`. */
  readonly env: NodeJS.ProcessEnv;
  readonly passphrase: string;
}

/** Everything that the stack holds now, as the engine's own state has it. Asks nothing of the site. */
export async function stackSubjects(source: StateSource): Promise<readonly Subject[]> {
  const subjects = stateSubjects(await exported(source));
  if (subjects.length > 0) return subjects;
  throw new RunError(`the stack of ${source.site} holds nothing yet`, {
    nextStep: `judge what would be made: pulumi preview -s ${source.site} --policy-pack policies`,
    exitCode: exitCodes.usage,
  });
}

async function exported({ root, site, env, passphrase }: StateSource): Promise<string> {
  const args = ["stack", "export", "--show-secrets", "--non-interactive", "--stack", site];
  try {
    const { stdout } = await promisify(execFile)("pulumi", args, {
      cwd: root,
      env: { ...env, PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_SKIP_UPDATE_CHECK: "true" },
      maxBuffer: 2 ** 30,
    });
    return stdout;
  } catch (cause) {
    const { code, stderr = "" } = cause as { code?: unknown; stderr?: string };
    if (code === "ENOENT") {
      throw new RunError("pulumi is not on PATH", {
        nextStep: `./sitewright doctor says what is missing; in a rehearsal: ./sitewright enter ${site}`,
        exitCode: exitCodes.machine,
        cause,
      });
    }
    throw new RunError(`pulumi could not show the state of ${site}: ${stderr.trim()}`, {
      nextStep: "log in to the site's backend as for pulumi up (pulumi login, PULUMI_BACKEND_URL)",
      exitCode: exitCodes.deployment,
      cause,
    });
  }
}
