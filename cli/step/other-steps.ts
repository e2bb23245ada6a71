import { appliedPath } from "../../components/cluster/kubekey/driver";
import { RunError } from "../../site/run-error";
import { quote } from "../../ssh/shell-quote";
import { exitCodes } from "../exit-codes";
import { appliedNote } from "./detect";
import { filledFiles, placeFiles, runKubeKey } from "./kk";
import type { StepContext } from "./step-context";

/**
 * Renews the certificates of the control plane, host after host, by the config that the cluster was last led to. A
 * run for the same month that was cut off is joined, not begun again.
 */
export async function renewCertificates(step: StepContext): Promise<unknown> {
  const month = step.need("certificatesRenewed");
  await runKubeKey(step, step.driver.renewCertificates(step.place), [month]);
  return { renewed: month };
}

/** Deletes the cluster from its hosts. The site's name in SITEWRIGHT_DESTROY is the second of the two words. */
export async function deleteCluster(step: StepContext): Promise<unknown> {
  const { site, workDir } = step.request;
  if (step.env.SITEWRIGHT_DESTROY !== site) {
    throw new RunError(
      `deleting the cluster of ${site} needs a second word, and nothing was deleted`,
      {
        exitCode: exitCodes.usage,
        nextStep: `if all data on it may go, run the same command with SITEWRIGHT_DESTROY=${site} set; to let Pulumi forget the cluster and leave it running, use pulumi state delete`,
      },
    );
  }
  const files = filledFiles(step, "cluster");
  await placeFiles(step, files);
  const dir = (name: string) => quote(`${workDir}/${name}`);
  const keep = files.map(
    ({ path }) =>
      `[ -e ${dir(appliedPath(path))} ] || cp -p ${dir(path)} ${dir(appliedPath(path))}`,
  );
  await step.installer.steadily((connection) =>
    connection.run("keep the config of the run", `umask 077\n${keep.join("\n")}`, { sudo: true }),
  );
  await runKubeKey(step, step.driver.deleteCluster(step.place), [String(Date.now())]);
  const applied = files.map(({ path }) => dir(appliedPath(path)));
  await step.installer.steadily((connection) =>
    connection.run(
      "forget the cluster",
      `rm -f ${applied.join(" ")} ${quote(appliedNote(workDir))}`,
      {
        sudo: true,
      },
    ),
  );
  return { deleted: step.need("cluster").name };
}
