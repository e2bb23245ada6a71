import { Command } from "commander";
import { stepRequest } from "../../components/support/step-command";
import type { LoadedSite } from "../../site/load";
import { valueAt } from "../../site/path";
import { readStackFile } from "../../site/stack-file";
import { readHostKeys } from "../../ssh/pinned-keys";
import { exitCodes } from "../exit-codes";
import { type Io, ownIo } from "../io";
import { readSecrets, type Secrets } from "../secrets";
import { type Presence, presenceOf, registryAsker } from "../step/registry-images";
import { StepContext } from "../step/step-context";
import { painter } from "../view/colours";
import { type CheckedRelease, checkedJson, checkedText } from "./check-text";
import { siteWith } from "./diff-command";

/** `./sitewright releases check <site> [release]`: whether a site's registry still has a release's images. */
export function checkReleaseCommand(): Command {
  return new Command("check")
    .argument("<site>", "name of the site")
    .argument(
      "[release]",
      "a release, such as one to go back to; default: the one that the site names",
    )
    .description("see whether a site's registry has every image of a release")
    .option("--json", "print the result as one JSON object", false)
    .addHelpText("after", help)
    .action(async (site: string, release: string | undefined, options: { json: boolean }) => {
      process.exitCode = await checkRelease(site, release, options, ownIo());
    });
}

const help = `
Reaches the registry through the installer host over SSH, and asks it for every image that the site needs
with that release. Changes nothing. Without registry.passwordSecret in the site file it asks as nobody in
particular, who sees what everybody may see.

What is missing must come in the release's bundle; a deployment refuses to begin without it.

  ./sitewright releases check site-a            before the window: what still has to be brought?
  ./sitewright releases check site-a 2026.11    can the site go back?

Exit code: 0 all are there; 2 no such site or release; 3 a file has problems; 4 some are missing;
6 the registry did not answer, or does not show all of them.`;

/** Runs the command and returns its exit code. */
export async function checkRelease(
  name: string,
  release: string | undefined,
  options: { readonly json: boolean },
  io: Io,
): Promise<number> {
  const named = valueAt(readStackFile(io.root, name).data, ["release"]);
  const site = siteWith(io.root, name, release ?? String(named));
  const secrets = await readSecrets({ ...io, site: name });
  const checked = {
    site: name,
    release: site.release.release,
    registry: site.blueprint.registry.host,
    images: await imagesOf(site, secrets, io),
  };
  const lines = options.json
    ? [JSON.stringify(checkedJson(checked), null, 2)]
    : checkedText(checked, painter(io.stdout, io.env), io.stdout.columns ?? 120);
  io.stdout.write(`${lines.join("\n")}\n`);
  return exitCodeOf(checked);
}

export function exitCodeOf({ images }: CheckedRelease): number {
  const is = (presence: Presence) => images.some((image) => image.presence === presence);
  if (is("missing")) return exitCodes.preflight;
  return is("hidden") ? exitCodes.remote : exitCodes.ok;
}

async function imagesOf(
  { blueprint }: LoadedSite,
  secrets: Secrets,
  io: Io,
): Promise<CheckedRelease["images"]> {
  const { registry, images } = blueprint;
  const hostKeys = readHostKeys(io.root, blueprint);
  const step = new StepContext({
    request: stepRequest({ blueprint, hostKeys, secrets }, [], { registry }),
    secrets,
    say: (line) => io.stderr.write(`${line}\n`),
    env: io.env,
    root: io.root,
  });
  const password = registry.passwordSecret && secrets[registry.passwordSecret];
  const within = (siteImage: string) => siteImage.slice(registry.host.length + 1);
  try {
    const found = await presenceOf(
      await registryAsker(step),
      images.map(({ siteImage }) => within(siteImage)),
      password === undefined ? undefined : `admin:${password}`,
    );
    return images.map(({ image, siteImage, neededBy }) => ({
      image,
      neededBy,
      presence: found.get(within(siteImage)) ?? "missing",
    }));
  } finally {
    step.close();
  }
}
