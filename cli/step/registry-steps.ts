import { appliedPath, type RenderedFile } from "../../components/cluster/kubekey/driver";
import { REGISTRY_PASSWORD, registryCertsDir } from "../../components/cluster/kubekey/view";
import { RunError } from "../../site/run-error";
import { quote } from "../../ssh/shell-quote";
import { writeFile } from "../../ssh/work-dir";
import { exitCodes } from "../exit-codes";
import { digest, filledFiles, placeFiles, readInstallerFile, runKubeKey } from "./kk";
import { presenceOf, registryAsker } from "./registry-images";
import { readRegistryPki } from "./registry-pki";
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

/**
 * Pushes the artifact's images, and sees that the registry then has all that the site starts: what is neither there nor
 * in the bundle stops the deployment here, before any workload is touched.
 */
export async function pushImages(step: StepContext): Promise<unknown> {
  const files = filledFiles(step, "registry");
  await placeFiles(step, files);
  const key = [step.need("artifact"), digest(files.map((file) => file.content))];
  await runKubeKey(step, step.driver.pushImages(step.place), key);
  await refuseMissingImages(step);
  return { artifact: step.need("artifact") };
}

async function refuseMissingImages(step: StepContext): Promise<void> {
  const { site, release } = step.request;
  const images = step.need("images");
  const login = `admin:${step.secrets[REGISTRY_PASSWORD] ?? ""}`;
  const found = await presenceOf(await registryAsker(step), images, login);
  const missing = images.filter((image) => found.get(image) === "missing");
  if (missing.length === 0) return step.say(`the registry has all ${images.length} images`);
  const some = missing.slice(0, MOST_NAMED).map((image) => `\n  ${image}`);
  const more = missing.length > MOST_NAMED ? [`\n  … and ${missing.length - MOST_NAMED} more`] : [];
  throw new RunError(
    `neither the registry nor the bundle has ${missing.length} of the images of release ${release}; no workload was touched:${[...some, ...more].join("")}`,
    {
      exitCode: exitCodes.remote,
      nextStep: `build the bundle of ${release} with them; ./sitewright releases check ${site} says what needs them`,
    },
  );
}

/** Images that a message names. */
const MOST_NAMED = 20;

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
