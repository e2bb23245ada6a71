import { join } from "node:path";
import { bundleFolder } from "../../site/bundle";
import { RunError } from "../../site/run-error";
import { quoteAll } from "../../ssh/shell-quote";
import { sendFile } from "../../ssh/transfer";
import { exitCodes } from "../exit-codes";
import type { StepContext } from "./step-context";

/** Brings kk and its artifact to the installer, and checks that it is the kk that the site pins. */
export async function transfer(step: StepContext): Promise<unknown> {
  const { workDir } = step.request;
  const files = step.need("files");
  const folder = join(step.root, bundleFolder(step.need("release")));
  const { kkFile, artifactFile, versionProbe, version } = step.driver;
  for (const [file, name, mode] of [
    [files.kk, kkFile, 0o700],
    [files.artifact, artifactFile, 0o600],
  ] as const) {
    await sendFile(step.installer, {
      localPath: join(folder, file.path),
      remotePath: `${workDir}/${name}`,
      sha256: file.sha256,
      sizeBytes: file.sizeBytes,
      mode,
    });
  }
  const said = await step.installer.steadily((connection) =>
    connection.run(
      "ask kk for its version",
      `cd ${workDir} && ${quoteAll([`${workDir}/${kkFile}`, ...versionProbe.args])} </dev/null 2>&1`,
      { sudo: true },
    ),
  );
  if (!versionProbe.pattern.test(said)) {
    throw new RunError(
      `the kk of the bundle is not ${version}: it says "${said.trim().slice(0, 200)}"`,
      {
        exitCode: exitCodes.site,
        nextStep: `build the bundle with kk ${version}, or pin the version that it holds in the site`,
      },
    );
  }
  return { kk: files.kk.sha256, artifact: files.artifact.sha256 };
}
