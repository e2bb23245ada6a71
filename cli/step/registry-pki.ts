import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { readInstallerFile } from "./kk";
import type { StepContext } from "./step-context";

/** A file that kk made for the registry. */
export async function readRegistryPki(step: StepContext, path: string): Promise<string> {
  const text = await readInstallerFile(step, path);
  if (text !== undefined) return text;
  throw new RunError(
    `${step.request.installer} has no ${path}: the registry's certificates are missing`,
    {
      exitCode: exitCodes.remote,
      nextStep:
        "set up the registry first; if it is set up, bring back the pki folder of its kk from a backup",
    },
  );
}
