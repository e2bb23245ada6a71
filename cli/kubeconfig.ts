import { existsSync, writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Blueprint } from "../site/blueprint-types";
import { loadSite } from "../site/load";
import { roleAccount } from "../site/platform/tenancy-names";
import { roleNames } from "../site/platform/tenancy-roles";
import type { TenancyBlueprint, WorkspaceBlueprint } from "../site/platform/tenancy-types";
import { RunError } from "../site/run-error";
import type { RoleName } from "../site/schema/tenancy";
import { exitCodes } from "./exit-codes";
import { type Io, ownIo } from "./io";
import { withAdministrator } from "./kubeconfig/administrator";
import { roleKubeconfig } from "./kubeconfig/role-kubeconfig";
import { requestToken } from "./kubeconfig/token";
import { readSecrets } from "./secrets";
import { targetsOf } from "./targets";

export interface KubeconfigOptions {
  readonly workspace: string;
  readonly role: RoleName;
  /** Short name of the namespace that commands mean when they name none. Default: the workspace's first. */
  readonly namespace?: string;
  readonly hours: number;
  /** File to write. Default: standard output. */
  readonly out?: string;
}

/** Longest life of a token in hours. */
const longestHours = 24;

/** `./sitewright kubeconfig <site>`: a kubeconfig of a role in a workspace, which ends by itself. */
export function kubeconfigCommand(): Command {
  return new Command("kubeconfig")
    .argument("<site>", "name of the site: kubeconfig site-a reads Pulumi.site-a.yaml")
    .description("make a kubeconfig for a role in a workspace, valid for some hours")
    .requiredOption("--workspace <name>", "workspace, or the product for its own namespaces")
    .addOption(
      new Option("--role <role>", "what it may do").choices([...roleNames]).makeOptionMandatory(),
    )
    .option("--namespace <name>", "namespace that commands mean by default, by its short name")
    .option("--hours <number>", `how long it is valid, 1 to ${longestHours}`, hoursOf, 8)
    .option("--out <file>", "write it there, readable by you alone, instead of printing it")
    .addHelpText("after", help)
    .action(async (site: string, options: KubeconfigOptions) => {
      process.exitCode = await kubeconfig(site, options, ownIo());
    });
}

const help = `
Reaches the first control-plane host over SSH, through the bastion if the site has one, and asks the
API server there for a token. The kubeconfig names the API server's address within the site, so it
serves people in the customer's network. Nothing of it is kept; after its hours it is worth nothing.

  ./sitewright kubeconfig site-a --workspace sorting --role viewer --out viewer.yaml
  ./sitewright enter site-a ./sitewright kubeconfig site-a --workspace sorting --role viewer

Exit code: 0 made; 2 the site has no such workspace or namespace; 6 a host or the API server did not answer.`;

/** Runs the command and returns its exit code. */
export async function kubeconfig(
  name: string,
  options: KubeconfigOptions,
  io: Io,
): Promise<number> {
  const { blueprint } = loadSite(name, io.root);
  const tenancy = tenancyOf(blueprint);
  const workspace = workspaceOf(tenancy, options.workspace);
  const namespace = namespaceOf(workspace, options.namespace);
  const account = roleAccount(workspace.name, options.role);
  if (options.out !== undefined && existsSync(options.out))
    throw unwritable(options.out, "it is there already");
  const targets = targetsOf(blueprint, await readSecrets({ ...io, site: name }), io.root);
  const { ca, token } = await withAdministrator(
    { cluster: blueprint.cluster, targets, say: (line) => void io.stderr.write(`${line}\n`) },
    async (access) => ({
      ca: access.ca,
      token: await requestToken(access, tenancy.access.namespace, account, options.hours),
    }),
  );
  const text = roleKubeconfig({
    site: name,
    account,
    namespace,
    ca,
    token: token.token,
    endpoint: blueprint.cluster.endpoint,
  });
  if (options.out === undefined) io.stdout.write(text);
  else writePrivately(options.out, text);
  const where = namespace === undefined ? "" : `; commands mean ${namespace} unless they say -n`;
  io.stderr.write(`${options.role} of ${workspace.name}, valid until ${token.until}${where}\n`);
  return exitCodes.ok;
}

function hoursOf(text: string): number {
  const hours = Number(text);
  if (Number.isInteger(hours) && hours >= 1 && hours <= longestHours) return hours;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${longestHours}.`);
}

function tenancyOf({ site, platform }: Blueprint): TenancyBlueprint {
  if (platform.tenancy !== undefined) return platform.tenancy;
  throw new RunError(`${site} has no tenancy, so it has no roles`, {
    nextStep: `add tenancy to Pulumi.${site}.yaml; tenancy: {} is enough for the product's own roles`,
    exitCode: exitCodes.usage,
  });
}

function workspaceOf({ product, workspaces }: TenancyBlueprint, name: string): WorkspaceBlueprint {
  const all = [product, ...workspaces];
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new RunError(`the site has no workspace ${JSON.stringify(name)}`, {
    nextStep: `its workspaces are ${all.map((one) => one.name).join(", ")}`,
    exitCode: exitCodes.usage,
  });
}

/** Name in Kubernetes of the chosen namespace; a workspace may have none at all. */
function namespaceOf({ name, namespaces }: WorkspaceBlueprint, key: string | undefined) {
  if (key === undefined) return namespaces[0]?.name;
  const found = namespaces.find((one) => one.key === key);
  if (found !== undefined) return found.name;
  throw new RunError(`workspace ${name} has no namespace ${JSON.stringify(key)}`, {
    nextStep: `its namespaces are ${namespaces.map((one) => one.key).join(", ")}`,
    exitCode: exitCodes.usage,
  });
}

function writePrivately(file: string, text: string): void {
  try {
    // A file that is there keeps its permissions, so it is not written over.
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    throw unwritable(file, (cause as Error).message.split(",")[0] ?? "", cause);
  }
}

function unwritable(file: string, why: string, cause?: unknown): RunError {
  return new RunError(`${file} cannot be written: ${why}`, {
    nextStep: "name a file that is not there yet, in a folder that is",
    exitCode: exitCodes.usage,
    cause,
  });
}
