import { createDecipheriv, pbkdf2 } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { valueAt } from "../site/path";
import { RunError } from "../site/run-error";
import { readStackFile, secretsKey } from "../site/stack-file";
import { readYamlFile } from "../site/yaml-file";
import { exitCodes } from "./exit-codes";
import { askHidden, type Terminal } from "./view/hidden-prompt";

/** The stack's secrets by name, in clear. Never print, log or store it. */
export type Secrets = Readonly<Record<string, string>>;

/** Thrown when no passphrase was given and nobody can be asked. */
export class PassphraseMissing extends RunError {
  constructor(site: string) {
    super(`the secrets of ${site} need a passphrase, and none was given`, {
      nextStep: "set PULUMI_CONFIG_PASSPHRASE_FILE (or PULUMI_CONFIG_PASSPHRASE) as for pulumi up",
      exitCode: exitCodes.usage,
    });
  }
}

export interface SecretsSource {
  /** Folder of the project, where Pulumi.<site>.yaml is. */
  readonly root: string;
  readonly site: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where to ask when the environment gives no passphrase; absent: never ask. */
  readonly terminal?: Terminal;
}

/**
 * The secrets of a site outside a deployment, from `sitewright:secrets` of its stack file. They are decrypted here and not by
 * the engine: commands that only look at a site then need no engine, and no secret passes through another process.
 *
 * @throws RunError when the file, its encryption or the passphrase is not as needed
 */
export async function readSecrets(source: SecretsSource): Promise<Secrets> {
  const { root, site } = source;
  // Refuses a missing site, a file that is none, and secrets in clear.
  const { secretNames } = readStackFile(root, site);
  if (secretNames.length === 0) return {};
  const { data } = readYamlFile(root, `Pulumi.${site}.yaml`, "name another site");
  const salt = valueAt(data, ["encryptionsalt"]);
  if (typeof salt !== "string") throw notPassphrase(site);
  const key = await unlock(site, salt, await findPassphrase(source));
  const entries = secretNames.map((name): [string, string] => {
    const stored = valueAt(data, ["config", secretsKey, name, "secure"]);
    return [name, open(site, name, String(stored), key)];
  });
  return Object.fromEntries(entries);
}

/** The passphrase of a site: from the environment as for Pulumi, else asked for. */
export async function findPassphrase({ env, site, terminal }: SecretsSource): Promise<string> {
  // Set but empty is a passphrase for Pulumi, so it is one here.
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return env.PULUMI_CONFIG_PASSPHRASE;
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (file !== undefined && file !== "") {
    try {
      return readFileSync(file, "utf8").trim();
    } catch {
      throw new RunError(`PULUMI_CONFIG_PASSPHRASE_FILE names ${file}, which cannot be read`, {
        nextStep: "mend the path or the file's permissions",
        exitCode: exitCodes.usage,
      });
    }
  }
  if (terminal === undefined) throw new PassphraseMissing(site);
  return askHidden(terminal, `Passphrase of ${site}: `);
}

/** The key, proved right by the word that Pulumi keeps encrypted beside the salt: `v1:<salt>:<ciphertext of "pulumi">`. */
async function unlock(site: string, stored: string, passphrase: string): Promise<Buffer> {
  const parts = /^v1:([A-Za-z0-9+/=]+):(v1:.+)$/.exec(stored);
  if (parts === null) throw notPassphrase(site);
  const [, salt = "", proof = ""] = parts;
  const key = await promisify(pbkdf2)(
    passphrase,
    Buffer.from(salt, "base64"),
    1_000_000,
    32,
    "sha256",
  );
  let word: string;
  try {
    word = decrypt(proof, key);
  } catch {
    word = "";
  }
  if (word === "pulumi") return key;
  throw new RunError(`the passphrase does not open the secrets of ${site}`, {
    nextStep:
      "use the passphrase that the stack was made with; each site has its own (the README states those of the sample sites)",
    exitCode: exitCodes.usage,
  });
}

function open(site: string, name: string, text: string, key: Buffer): string {
  try {
    return decrypt(text, key);
  } catch {
    throw siteFault(
      `${secretsKey}.${name} of ${site} is damaged or was encrypted for another stack`,
      `set it again: pulumi config set -s ${site} --path --secret '${secretsKey}.${name}'`,
    );
  }
}

/** One value as Pulumi writes it, `v1:<nonce>:<ciphertext and tag>`, AES-256-GCM. Throws when it is anything else. */
function decrypt(text: string, key: Buffer): string {
  const [version, nonce, sealed, ...rest] = text.split(":");
  if (version !== "v1" || nonce === undefined || sealed === undefined || rest.length > 0) {
    throw new Error("not a ciphertext of version 1");
  }
  const bytes = Buffer.from(sealed, "base64");
  const tagBytes = 16;
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  const opened = decipher.update(bytes.subarray(0, bytes.length - tagBytes));
  return Buffer.concat([opened, decipher.final()]).toString("utf8");
}

function notPassphrase(site: string): RunError {
  return siteFault(
    `Pulumi.${site}.yaml has secrets but no encryptionsalt: they are not encrypted with a passphrase`,
    `pulumi stack change-secrets-provider passphrase --stack ${site}; a passphrase also works where there is no network`,
  );
}

function siteFault(what: string, nextStep: string): RunError {
  return new RunError(what, { nextStep, exitCode: exitCodes.site });
}
