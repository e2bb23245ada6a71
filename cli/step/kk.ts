import { createHash } from "node:crypto";
import type {
  KubeKeyRun,
  RenderedFile,
  Unsupported,
} from "../../components/cluster/kubekey/driver";
import { fillSecrets } from "../../components/cluster/kubekey/secrets";
import type { Purpose } from "../../components/cluster/kubekey/view";
import { RunError } from "../../site/run-error";
import { runDetached } from "../../ssh/detached-run";
import { quote } from "../../ssh/shell-quote";
import { writeFile } from "../../ssh/work-dir";
import { exitCodes } from "../exit-codes";
import type { StepContext } from "./step-context";

/** KubeKey's files for a purpose, checked, secrets in place. Never print them. */
export function filledFiles(step: StepContext, purpose: Purpose): RenderedFile[] {
  const rendered = step.driver.renderFiles(purpose, step.view());
  const problems = step.driver.validate(rendered);
  if (problems.length > 0) {
    throw new RunError(
      `KubeKey ${step.driver.version} cannot have this site:\n  ${problems.join("\n  ")}`,
      {
        exitCode: exitCodes.site,
        nextStep: `change the site file, then ./sitewright check ${step.request.site}`,
      },
    );
  }
  return fillSecrets(rendered, step.secrets);
}

/** Writes files into the work folder on the installer. */
export async function placeFiles(step: StepContext, files: readonly RenderedFile[]): Promise<void> {
  for (const file of files) {
    await step.installer.steadily((connection) =>
      writeFile(connection, `${step.request.workDir}/${file.path}`, file.content, file.mode),
    );
  }
}

/** Text of a file on the installer, or undefined. */
export async function readInstallerFile(
  step: StepContext,
  path: string,
): Promise<string | undefined> {
  const result = await step.installer.steadily((connection) =>
    connection.exec(`[ -f ${quote(path)} ] || exit 44; cat ${quote(path)}`, { sudo: true }),
  );
  return result.code === 0 ? result.stdout : undefined;
}

/** Runs kk on the installer to its end. `key` names what the run works on. */
export async function runKubeKey(
  step: StepContext,
  run: KubeKeyRun | Unsupported,
  key: readonly string[],
): Promise<void> {
  if ("unsupported" in run) {
    throw new RunError(run.unsupported, {
      exitCode: exitCodes.remote,
      nextStep: "change the site, or pin another KubeKey",
    });
  }
  const { driver } = step;
  await runDetached(step.installer, run, {
    workDir: step.request.workDir,
    key: digest([...run.argv, ...key]),
    secrets: step.secretValues,
    shows: (line) => driver.shows(line),
    explain: (lines) => driver.explain(lines),
  });
}

/** Digest of texts, each kept apart from the next. */
export function digest(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex");
}
