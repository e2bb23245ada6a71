import type {
  BastionBlueprint,
  Blueprint,
  HostBlueprint,
  LoginBlueprint,
} from "../site/blueprint-types";
import { RunError } from "../site/run-error";
import { readHostKeys } from "../ssh/pinned-keys";
import type { SshLogin, SshTarget } from "../ssh/target";
import { exitCodes } from "./exit-codes";
import type { Secrets } from "./secrets";

/** The part of a blueprint that says where its hosts are. */
export type Places = Pick<Blueprint, "site" | "hosts" | "bastion">;

/** Bound for reaching a host and logging in, each hop. */
const timeoutSeconds = 15;

/** Where and as whom to log in to each host of a site, with the keys that are pinned now. */
export function targetsOf(places: Places, secrets: Secrets, root: string): readonly SshTarget[] {
  const pins = readHostKeys(root, places);
  const bastion = bastionLogin(places, secrets, pins.bastion ?? []);
  return places.hosts.map((host) => ({
    ...loginOf(places.site, host, secrets, pins[host.name] ?? []),
    site: places.site,
    sudo: host.login.sudo,
    timeoutSeconds,
    ...(bastion === undefined ? {} : { bastion }),
  }));
}

/** The jump host's login with the given keys; undefined for a site without one. */
export function bastionLogin(
  { site, bastion }: Places,
  secrets: Secrets,
  hostKeys: readonly string[],
): SshLogin | undefined {
  if (bastion === undefined) return undefined;
  return loginOf(site, { name: "bastion", ...bastion }, secrets, hostKeys);
}

/** The hosts that a person named, all of them without names; a name the site does not have is refused. */
export function chosenHosts<Chosen extends Pick<HostBlueprint, "name">>(
  all: readonly Chosen[],
  names: readonly string[],
): readonly Chosen[] {
  const unknown = names.filter((name) => !all.some((host) => host.name === name));
  if (unknown.length > 0) {
    throw new RunError(`the site has no host ${unknown.join(", ")}`, {
      nextStep: `its hosts are ${all.map(({ name }) => name).join(", ")}`,
      exitCode: exitCodes.usage,
    });
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

function loginOf(
  site: string,
  host: BastionBlueprint & { readonly name: string },
  secrets: Secrets,
  hostKeys: readonly string[],
): SshLogin {
  const { name, address, login } = host;
  const password = secretOf(site, login, "passwordSecret", secrets);
  const privateKey = secretOf(site, login, "privateKeySecret", secrets);
  return {
    name,
    address,
    port: login.port,
    user: login.user,
    hostKeys,
    ...(password === undefined ? {} : { password }),
    ...(privateKey === undefined ? {} : { privateKey }),
  };
}

function secretOf(
  site: string,
  login: LoginBlueprint,
  kind: "passwordSecret" | "privateKeySecret",
  secrets: Secrets,
): string | undefined {
  const name = login[kind];
  if (name === undefined) return undefined;
  const value = secrets[name];
  if (value !== undefined) return value;
  throw new RunError(
    `the site names the secret ${name}, which sitewright:secrets of ${site} does not hold`,
    {
      nextStep: `pulumi config set -s ${site} --path --secret 'sitewright:secrets.${name}'`,
      exitCode: exitCodes.site,
    },
  );
}
