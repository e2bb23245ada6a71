import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi";
import type { BastionBlueprint, HostBlueprint, LoginBlueprint } from "../../site/blueprint-types";

/** What it takes to reach the hosts of a site. */
export interface Access {
  /** The site's name, for messages. */
  readonly site: string;
  readonly bastion?: BastionBlueprint | undefined;
  /** Pinned host keys by host name (and `bastion`), as authorized-keys lines. */
  readonly hostKeys: Readonly<Record<string, readonly string[]>>;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/**
 * Times that dialing may fail before the step fails. A refused password counts as a failed dial and is sent up to twice by each
 * one, so a large number would lock the customer's account; a small one still rides out a bastion that is briefly too busy.
 */
const dialErrorLimit = 4;
const perDialTimeoutSeconds = 10;

/** Name under which the bastion's key is pinned. */
export const bastionName = "bastion";

/**
 * Host key types that the command plugin can verify, best first. It offers the server just the pinned key's type, and for RSA
 * that name stands for a SHA-1 signature, which today's servers refuse: RSA comes last.
 */
const keyTypes = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
];

/**
 * Connection of a host for the command plugin, through the bastion if there is one.
 *
 * @throws RunError when a host key is not pinned: the plugin would then accept any host
 */
export function connectionTo(
  host: HostBlueprint,
  access: Access,
): pulumi.Input<command.types.input.remote.ConnectionArgs> {
  const own = hop(host.name, host.address, host.login, access);
  if (access.bastion === undefined) return own;
  const { address, login } = access.bastion;
  return { ...own, proxy: hop(bastionName, address, login, access) };
}

/** The value of a named secret, itself a secret. */
export function secretOf(access: Access, name: string): pulumi.Output<string> {
  const value = pulumi.output(access.secrets).apply((secrets) => {
    const found = secrets[name];
    if (found === undefined) throw missingSecret(access.site, name);
    return found;
  });
  return pulumi.secret(value);
}

/**
 * Fails when any of the hosts, or the bastion, has no usable pinned key, naming all of them at once.
 *
 * @throws RunError that names `./sitewright trust <site>`
 */
export function requirePinnedKeys(hosts: readonly HostBlueprint[], access: Access): void {
  const names = [
    ...(access.bastion === undefined ? [] : [bastionName]),
    ...hosts.map((host) => host.name),
  ];
  const unpinned = names.filter((name) => bestKey(access.hostKeys[name] ?? []) === undefined);
  if (unpinned.length > 0) throw notTrusted(access.site, unpinned);
}

type Hop = Omit<command.types.input.remote.ConnectionArgs, "proxy">;

function hop(name: string, address: string, login: LoginBlueprint, access: Access): Hop {
  const hostKey = bestKey(access.hostKeys[name] ?? []);
  if (hostKey === undefined) throw notTrusted(access.site, [name]);
  const { passwordSecret, privateKeySecret } = login;
  return {
    host: address,
    port: login.port,
    user: login.user,
    hostKey,
    dialErrorLimit,
    perDialTimeout: perDialTimeoutSeconds,
    ...(passwordSecret === undefined ? {} : { password: secretOf(access, passwordSecret) }),
    ...(privateKeySecret === undefined ? {} : { privateKey: secretOf(access, privateKeySecret) }),
  };
}

/** The line of the best key type, without its comment: a changed comment is no change of the host. */
function bestKey(lines: readonly string[]): string | undefined {
  const keys = lines.map((line) => line.trim().split(/\s+/).slice(0, 2).join(" "));
  for (const type of keyTypes) {
    const found = keys.find((key) => key.startsWith(`${type} `));
    if (found !== undefined) return found;
  }
  return undefined;
}

function notTrusted(site: string, names: readonly string[]): RunError {
  return new RunError(
    `no host key is pinned for ${names.join(", ")}, so nothing was sent to any host\n` +
      `  next: run ./sitewright trust ${site}, compare the fingerprints, and commit trust/${site}.known_hosts`,
  );
}

function missingSecret(site: string, name: string): RunError {
  return new RunError(
    `the site names the secret ${name}, which sitewright:secrets of ${site} does not hold\n` +
      `  next: pulumi config set --path 'sitewright:secrets.${name}' --secret --stack ${site}`,
  );
}
