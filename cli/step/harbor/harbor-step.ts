import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { REGISTRY_PASSWORD } from "../../../components/cluster/kubekey/view";
import { PREVIOUS_PASSWORD } from "../../../components/registry/harbor-secret-names";
import { type ApiAccess, ask } from "../api-client";
import { readRegistryPki } from "../registry-pki";
import type { StepContext } from "../step-context";
import { type AskHarbor, untilHealthy } from "./client";
import { earlierPasswords, loggedIn } from "./login";
import { applySettings, readSettings } from "./settings";

/** Bound for one answer of Harbor. */
const ANSWER_SECONDS = 60;

/** Bound for Harbor to become healthy after its installation, and in a refresh. */
const HEALTHY_SECONDS = { apply: 300, read: 20 };

/** Sets up Harbor, or reads back how it is, on a way through the installer, which can reach it. */
export async function harbor(step: StepContext): Promise<unknown> {
  const question = step.need("harbor");
  const { operation } = question;
  const { host, address } = step.need("registry");
  const pki = step.driver.registryPki(step.place, host);
  const ca = await readRegistryPki(step, pki.ca);
  keepAuthority(step, ca);
  const asker = askThrough({
    ca: Buffer.from(ca),
    serverName: host,
    dial: async () => (await step.installer.connection()).forward(address, 443),
  });
  await untilHealthy(asker, step.say, HEALTHY_SECONDS[operation]);
  const password = step.secrets[REGISTRY_PASSWORD] ?? "";
  const earlier = operation === "apply" ? earlierPasswords(step.secrets[PREVIOUS_PASSWORD]) : [];
  const client = await loggedIn(asker, password, earlier, step.say);
  const work = { client, question, secrets: step.secrets, say: step.say };
  return operation === "apply" ? applySettings(work) : readSettings(work, question.managed);
}

function askThrough(access: ApiAccess): AskHarbor {
  return (question, login) => {
    const authorization = `Basic ${Buffer.from(login).toString("base64")}`;
    return ask({ ...access, ...(login !== "" && { authorization }) }, question, ANSWER_SECONDS);
  };
}

/** Keeps the registry's authority beside the pinned host keys, where docker, crane and helm can be told to look. */
function keepAuthority(step: StepContext, ca: string): void {
  const file = join("trust", `${step.request.site}.registry-ca.pem`);
  const path = join(step.root, file);
  try {
    if (textOf(path) === ca) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, ca);
    step.say(`wrote ${file}: the authority of the registry's certificate`);
  } catch (error) {
    // A checkout that cannot be written to can still deploy.
    step.say(`${file} could not be written: ${(error as Error).message}`);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
