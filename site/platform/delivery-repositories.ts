/** Addresses of Git repositories, in the three ways in which people write them. */

export interface RepositoryAddress {
  readonly scheme: "http" | "https" | "ssh";
  readonly host: string;
  /** Absent: the scheme's own. */
  readonly port?: number;
  /** Without slashes at its ends, and without `.git`. */
  readonly path: string;
}

/** An address taken apart; undefined for what is none. */
export function repositoryAddress(url: string): RepositoryAddress | undefined {
  const withScheme = /^(https?|ssh):\/\/(?:[^@/]*@)?([^/:@]+)(?::(\d+))?\/(.+)$/.exec(url);
  if (withScheme !== null) {
    const [, scheme = "", host = "", port, path = ""] = withScheme;
    return {
      scheme: scheme as RepositoryAddress["scheme"],
      host: host.toLowerCase(),
      ...(port !== undefined && { port: Number(port) }),
      path: plainPath(path),
    };
  }
  const short = /^[^@/]+@([^/:@]+):(.+)$/.exec(url);
  if (short === null) return undefined;
  const [, host = "", path = ""] = short;
  return { scheme: "ssh", host: host.toLowerCase(), path: plainPath(path) };
}

/** What two addresses have in common that lead to one repository, over whichever protocol. */
export function repositoryIdentity(url: string): string {
  const address = repositoryAddress(url);
  // Servers take both spellings of a path for one.
  return address === undefined ? url : `${address.host}/${address.path}`.toLowerCase();
}

function plainPath(path: string): string {
  return path.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
}
