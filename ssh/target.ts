/** Where and as whom to log in. */
export interface SshLogin {
  /** Name for messages, as the site spells it. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  /** OpenSSH or PEM text without a passphrase. */
  readonly privateKey?: string;
  /** Pinned public keys, `<type> <base64>` each. Empty means that nobody has trusted this host yet. */
  readonly hostKeys: readonly string[];
}

/** A host of the site, and the way to it. */
export interface SshTarget extends SshLogin {
  /** The site's name: error messages tell which `./sitewright trust <site>` to run. */
  readonly site: string;
  /** What it takes to become root there. */
  readonly sudo: "none" | "nopasswd" | "password";
  /** Jump host that stands before the site's network. */
  readonly bastion?: SshLogin;
  /** Bound for reaching the host and logging in, each hop. */
  readonly timeoutSeconds: number;
}

/** `name (address:port)`, the way every message names a host. */
export function describeHost(login: Pick<SshLogin, "name" | "address" | "port">): string {
  const where = login.port === 22 ? login.address : `${login.address}:${login.port}`;
  return login.name === login.address ? where : `${login.name} (${where})`;
}
