import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSecrets } from "../../cli/secrets";
import type { Blueprint } from "../../site/blueprint-types";
import type { Rehearsal } from "../folders";
import { standInSecrets, withSecrets } from "./stand-in-secrets";

/** Passphrase of the sample sites, as the README states it. */
const SAMPLE_PASSPHRASE = "rehearsal";

/** The secrets that a rehearsal runs with. */
export interface RehearsalSecrets {
  readonly values: Readonly<Record<string, string>>;
  readonly passphrase: string;
  /** Stack file with random secrets, to be laid over the site's own; absent when that one could be opened. */
  readonly stackFile?: string;
}

/**
 * Opens the site's secrets with the passphrase of the environment, or that of the samples. When neither fits, random
 * secrets take their place: the simulated hosts get the same ones, so the run is as real.
 */
export async function rehearsalSecrets(
  rehearsal: Rehearsal,
  blueprint: Blueprint,
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<RehearsalSecrets> {
  const { site } = blueprint;
  const own = given(env);
  for (const passphrase of own === undefined ? [SAMPLE_PASSPHRASE] : [own]) {
    try {
      const source = { root, site, env: { PULUMI_CONFIG_PASSPHRASE: passphrase } };
      const values = await readSecrets(source);
      if (blueprint.secretNames.every((name) => values[name] !== undefined)) {
        forgetStandIns(rehearsal);
        return { values, passphrase };
      }
    } catch {
      // Another passphrase, or none that fits: stand-ins below.
    }
  }
  return standIns(rehearsal, blueprint, root);
}

/** What was set for Pulumi itself; an unreadable file counts as not at hand. */
function given(env: NodeJS.ProcessEnv): string | undefined {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return env.PULUMI_CONFIG_PASSPHRASE;
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  return file && existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/** Kept as long as the rehearsal's state, which is encrypted with the same passphrase and knows the same hosts. */
function standIns(rehearsal: Rehearsal, blueprint: Blueprint, root: string): RehearsalSecrets {
  const kept = standInsFile(rehearsal);
  const name = `Pulumi.${blueprint.site}.yaml`;
  let stored: { passphrase: string; values: Record<string, string> } | undefined;
  if (existsSync(kept)) stored = JSON.parse(readFileSync(kept, "utf8"));
  const { passphrase, values } = stored ?? {
    passphrase: randomBytes(18).toString("base64url"),
    values: {},
  };
  const complete = { ...standInSecrets(blueprint), ...values };
  writeFileSync(kept, JSON.stringify({ passphrase, values: complete }), { mode: 0o600 });
  const stackFile = join(rehearsal.folders.root, name);
  const text = readFileSync(join(root, name), "utf8");
  writeFileSync(stackFile, withSecrets(text, complete, passphrase), { mode: 0o600 });
  chmodSync(stackFile, 0o600);
  return { values: complete, passphrase, stackFile };
}

function forgetStandIns(rehearsal: Rehearsal): void {
  rmSync(standInsFile(rehearsal), { force: true });
}

function standInsFile({ folders }: Rehearsal): string {
  return join(folders.root, "stand-in-secrets.json");
}
