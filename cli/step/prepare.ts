import { RunError } from "../../site/run-error";
import { quote } from "../../ssh/shell-quote";
import { prepareWorkDir } from "../../ssh/work-dir";
import { exitCodes } from "../exit-codes";
import type { StepContext } from "./step-context";

/** Makes the work folder on the installer, with the architecture checked and the registry's name resolvable. */
export async function prepare(step: StepContext): Promise<unknown> {
  const { installer, workDir } = step.request;
  const registry = step.need("registry");
  const wanted = step.host(installer).arch;
  await step.installer.steadily(async (connection) => {
    const machine = (await connection.run("read the architecture", "uname -m")).trim();
    const arch = { x86_64: "amd64", aarch64: "arm64" }[machine] ?? machine;
    if (arch !== wanted) {
      throw new RunError(
        `${installer} is ${arch}, the site says ${wanted}: kk would not start there`,
        {
          exitCode: exitCodes.site,
          nextStep: `set arch of ${installer} in the site to ${arch}, and use a bundle that holds it`,
        },
      );
    }
    await prepareWorkDir(connection, workDir);
    // kk resolves the registry on the installer too, but writes hosts files on nodes only.
    await connection.run(
      "make the registry's name known",
      `
getent ahostsv4 ${quote(registry.host)} 2>/dev/null | grep -q ${quote(`^${registry.address} `)} && exit 0
grep -v ${quote(`# sitewright ${step.request.site} registry$`)} /etc/hosts > /etc/hosts.sitewright
echo ${quote(`${registry.address} ${registry.host} # sitewright ${step.request.site} registry`)} >> /etc/hosts.sitewright
cat /etc/hosts.sitewright > /etc/hosts && rm -f /etc/hosts.sitewright`,
      { sudo: true },
    );
  });
  return { installer, workDir };
}
