import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Blueprint } from "../../site/blueprint-types";
import { bastionName, requirePinnedKeys, secretOf } from "./connection";
import {
  REQUEST_VARIABLE,
  type StepBastion,
  type StepHost,
  type StepName,
  type StepRequest,
} from "./step-request";

/** What the components that work through steps are given. */
export interface StepSource {
  readonly blueprint: Blueprint;
  /** Pinned host keys by host name (and `bastion`), as authorized-keys lines. */
  readonly hostKeys: Readonly<Record<string, readonly string[]>>;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

export interface StepArgs {
  readonly step: StepName;
  readonly request: StepRequest;
  /** Secrets besides those that the hosts' logins name; values are secret in state. */
  readonly extraSecrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Step that undoes it; without one, deletion only forgets. */
  readonly deleteStep?: StepName;
}

/**
 * Arguments of the command resource that runs a step on the operator's machine. The command text is the same on
 * every machine and the request is plain JSON, which previews show key by key; secrets travel on standard input.
 */
export function stepCommandArgs(source: StepSource, args: StepArgs): local.CommandArgs {
  return {
    create: commandText(args.step),
    ...(args.deleteStep && { delete: commandText(args.deleteStep) }),
    environment: { [REQUEST_VARIABLE]: JSON.stringify(args.request) },
    stdin: secretsText(source, args),
    // Progress only: a step's result may be a secret.
    logging: local.Logging.Stderr,
    addPreviousOutputInEnv: false,
  };
}

function commandText(step: StepName): string {
  return `./sitewright step ${step}`;
}

/** Only the secrets that the step uses, so that another secret's change does not run it again. */
function secretsText(source: StepSource, args: StepArgs): pulumi.Output<string> {
  return pulumi.secret(stepSecrets(source, args).apply((secrets) => JSON.stringify(secrets)));
}

/** The secrets that a step receives, by name: those that the logins of its hosts name, and its further ones. */
export function stepSecrets(
  source: StepSource,
  { request, extraSecrets }: Pick<StepArgs, "request" | "extraSecrets">,
): pulumi.Output<Record<string, string>> {
  const logins = [...Object.values(request.hosts), ...(request.bastion ? [request.bastion] : [])];
  const names = logins.flatMap(({ login }) =>
    [login.passwordSecret, login.privateKeySecret].filter((name) => name !== undefined),
  );
  const access = { site: request.site, hostKeys: source.hostKeys, secrets: source.secrets };
  const values: Record<string, pulumi.Input<string>> = {};
  for (const name of [...new Set(names)].sort()) values[name] = secretOf(access, name);
  return pulumi.secret(pulumi.all({ ...values, ...extraSecrets }));
}

/** The part of a request that every step has, with the hosts that this one reaches. */
export function stepRequest(
  source: StepSource,
  hostNames: readonly string[],
  parts: Omit<StepRequest, "site" | "hosts" | "bastion" | "installer" | "workDir" | "kubekey"> = {},
): StepRequest {
  const { blueprint, hostKeys } = source;
  const { site, bastion, cluster } = blueprint;
  const names = new Set([cluster.installer, ...hostNames]);
  const hosts = blueprint.hosts.filter((host) => names.has(host.name));
  requirePinnedKeys(hosts, { site, bastion, hostKeys, secrets: source.secrets });
  const byName = hosts.map(({ name, address, arch, login }): [string, StepHost] => [
    name,
    { address, arch, login, keys: publicKeys(hostKeys[name]) },
  ]);
  return {
    site,
    kubekey: cluster.kubekey,
    installer: cluster.installer,
    workDir: cluster.workDir,
    hosts: Object.fromEntries(byName),
    ...(bastion && { bastion: bastionPart(bastion, publicKeys(hostKeys[bastionName])) }),
    ...parts,
  };
}

function bastionPart(bastion: NonNullable<Blueprint["bastion"]>, keys: string[]): StepBastion {
  return { address: bastion.address, login: bastion.login, keys };
}

/** Type and key without the comment: a changed comment is no change of the host. */
function publicKeys(lines: readonly string[] = []): string[] {
  return lines.map((line) => line.trim().split(/\s+/).slice(0, 2).join(" "));
}

/** The cluster as requests carry it: without what other keys of the request say already. */
export function clusterPart(cluster: Blueprint["cluster"]): NonNullable<StepRequest["cluster"]> {
  const { files: _f, images: _i, kubekey: _k, workDir: _w, installer: _n, ...rest } = cluster;
  // Its own step has it: a renewal is no other change of the cluster.
  const { certificatesRenewed: _c, ...part } = rest;
  return part;
}

/** How the API server is reached, and the host that has its administrator's kubeconfig. */
export function apiPart({ cluster }: Blueprint): NonNullable<StepRequest["api"]> {
  const { name, endpoint, groups } = cluster;
  return { name, endpoint, from: groups.controlPlane[0] ?? "" };
}

/** What KubeKey takes of the baseline. */
export function baselinePart(blueprint: Blueprint): NonNullable<StepRequest["baseline"]> {
  const { ntpServers, timezone } = blueprint.baseline;
  return { ntpServers, timezone };
}
