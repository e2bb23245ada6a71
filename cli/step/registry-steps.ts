import { appliedPath, type RenderedFile } from "../../components/cluster/kubekey/driver";
import { registryCertsDir } from "../../components/cluster/kubekey/view";
import { RunError } from "../../site/run-error";
import { quote } from "../../ssh/shell-quote";
import { writeFile } from "../../ssh/work-dir";
import { exitCodes } from "../exit-codes";
import { digest, filledFiles, placeFiles, readInstallerFile, runKubeKey } from "./kk";
import type { StepContext } from "./step-context";

/** Sets up the registry, unless it was set up from just this config: a second run would restart Harbor. */
export async function initRegistry(step: StepContext): Promise<unknown> {
  const files = filledFiles(step, "registry");
  await placeFiles(step, files);
  const registry = step.need("registry");
  if (await wasApplied(step, files)) {
    step.say(`the registry ${registry.host} is set up already`);
  } else {
    const key = files.map((file) => withoutVersion(file.content));
    // First the packages: kk sets the clock up with chrony before it would install it.
    await runKubeKey(step, step.driver.initOs(step.place), key);
    await runKubeKey(step, step.driver.initRegistry(step.place), key);
    await placeFiles(
      step,
      files.map((file) => ({ ...file, path: appliedPath(file.path) })),
    );
  }
  return { registry: registry.host };
}

async function wasApplied(step: StepContext, files: readonly RenderedFile[]): Promise<boolean> {
  for (const file of files) {
    const path = `${step.request.workDir}/${appliedPath(file.path)}`;
    const text = await readInstallerFile(step, path);
    if (text === undefined || withoutVersion(text) !== withoutVersion(file.content)) return false;
  }
  return true;
}

/** The registry does not care which Kubernetes its images are for. */
function withoutVersion(text: string): string {
  return text.replace(/^\s*(kube_)?version:.*\n/gm, "");
}

/** Pushes the artifact's images; a step of its own, so that it can be repeated alone. */
export async function pushImages(step: StepContext): Promise<unknown> {
  const files = filledFiles(step, "registry");
  await placeFiles(step, files);
  const key = [step.need("artifact"), digest(files.map((file) => file.content))];
  await runKubeKey(step, step.driver.pushImages(step.place), key);
  return { artifact: step.need("artifact") };
}

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

/**
 * Puts the registry's CA and client certificate on the installer and every node. kk opens these files on the
 * installer and names the same path in each node's containerd config; where they lack, pulls fail much later.
 */
export async function trustRegistry(step: StepContext): Promise<unknown> {
  const { host } = step.need("registry");
  const { installer, hosts } = step.request;
  const pki = step.driver.registryPki(step.place, host);
  const read = (path: string) => readRegistryPki(step, path);
  const dir = registryCertsDir(host);
  const files = [
    { path: `${dir}/ca.crt`, content: await read(pki.ca), mode: 0o644 },
    { path: `${dir}/${host}.cert`, content: await read(pki.cert), mode: 0o644 },
    { path: `${dir}/${host}.key`, content: await read(pki.key), mode: 0o600 },
  ];
  const names = [...new Set([installer, ...Object.keys(hosts)])];
  await Promise.all(
    names.map((name) =>
      step.session(name).steadily(async (connection) => {
        await connection.run("make the certificate folder", `mkdir -p ${quote(dir)}`, {
          sudo: true,
        });
        for (const file of files) {
          await writeFile(connection, file.path, file.content, file.mode);
        }
      }),
    ),
  );
  step.say(`${host} is trusted by ${names.join(", ")}`);
  return { trusted: names.sort() };
}
