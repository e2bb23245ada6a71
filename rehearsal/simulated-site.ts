import { takenNames } from "./hosts/accounts";
import type { SimulatedDisk } from "./hosts/disks";
import type { NodePortAnswers } from "./kubekey/cluster/node-ports";
import { addressesOverlap, contains, parseAddress, parseSubnet } from "./network/addresses";

/** How someone logs in to a simulated host. */
export interface SimulatedLogin {
  /** Name of the account. `root` is allowed and needs no sudo. */
  readonly user: string;
  /** Password in clear; it is stored as a hash only. Absent: no password opens the account. */
  readonly password?: string;
  /** Lines of `authorized_keys`. */
  readonly authorizedKeys: readonly string[];
  /** What it takes to become root. Ignored for `root`. */
  readonly sudo: "none" | "nopasswd" | "password";
}

/** One machine of the site, as it is to appear to whoever logs in. */
export interface SimulatedHost {
  /** Host name, RFC 1123. */
  readonly name: string;
  /** IPv4 address, inside one of the site's subnets. */
  readonly address: string;
  readonly cpus: number;
  readonly memoryGiB: number;
  /** Size of the root disk. Real: a host that writes more gets ENOSPC. May be a fraction. */
  readonly diskGiB: number;
  /** Further disks. Default: none. */
  readonly disks?: readonly SimulatedDisk[];
  readonly logins: readonly SimulatedLogin[];
  /** Port of its SSH server. Default: 22. */
  readonly sshPort?: number;
  /** What answers on its NodePorts once it is a node. Absent: nothing. */
  readonly nodePorts?: NodePortAnswers;
  /** haproxy.cfg of a proxy that runs from the host's first start. Absent: none runs. */
  readonly haproxy?: string;
}

/** A jump host. It is one more host of the simulation unless its address is already a host's. */
export interface SimulatedBastion {
  readonly address: string;
  /** Port of its SSH server. */
  readonly port: number;
  readonly logins: readonly SimulatedLogin[];
}

/** Names that the operator's machine and every host resolve without a name server. */
export interface NamedAddress {
  readonly address: string;
  readonly names: readonly string[];
}

/** All that the simulation needs to know about a site. Plain data. */
export interface SimulatedSite {
  /** Name of the site, as in `Pulumi.<name>.yaml`. */
  readonly name: string;
  /** Subnets that carry the hosts, for example `192.0.2.0/24`. */
  readonly subnets: readonly string[];
  readonly hosts: readonly SimulatedHost[];
  readonly bastion?: SimulatedBastion;
  /** True: the operator reaches every host. False: only the bastion, as behind a gatekeeper. */
  readonly directAccess: boolean;
  /** Addresses that no host has at first but that must be routable, such as virtual addresses. */
  readonly extraAddresses: readonly string[];
  /** Names beyond the hosts' own, for example that of the API endpoint. */
  readonly names: readonly NamedAddress[];
}

/** Name of the machine that stands for a bastion with an address of its own. */
export const bastionHostName = "bastion";

const hostNamePattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const userPattern = /^[a-z_][-a-z0-9_]{0,31}$/;

/** A host with the ports that its SSH server listens on. */
export interface PlannedHost extends SimulatedHost {
  readonly sshPorts: readonly number[];
}

/**
 * The machines to simulate: the site's hosts, and the bastion merged into them or added to them.
 */
export function plannedHosts(site: SimulatedSite): PlannedHost[] {
  const hosts = site.hosts.map(
    (host): PlannedHost => ({ ...host, sshPorts: [host.sshPort ?? 22] }),
  );
  const { bastion } = site;
  if (bastion === undefined) return hosts;
  if (!hosts.some((host) => host.address === bastion.address)) {
    return [
      ...hosts,
      {
        name: bastionHostName,
        address: bastion.address,
        cpus: 1,
        memoryGiB: 1,
        diskGiB: 10,
        logins: bastion.logins,
        sshPorts: [bastion.port],
      },
    ];
  }
  return hosts.map((host) => {
    if (host.address !== bastion.address) return host;
    const known = new Set(host.logins.map((login) => login.user));
    return {
      ...host,
      logins: [...host.logins, ...bastion.logins.filter((login) => !known.has(login.user))],
      sshPorts: [...new Set([...host.sshPorts, bastion.port])],
    };
  });
}

/**
 * Everything that makes this site impossible to simulate, one sentence each; empty when nothing
 * does.
 */
export function siteProblems(site: SimulatedSite): string[] {
  const problems: string[] = [];
  if (!/^[a-z0-9][-a-z0-9]{0,62}$/.test(site.name)) {
    problems.push(`the site's name must be letters, digits and dashes, got ${quote(site.name)}`);
  }
  const subnets = site.subnets.flatMap((text) => {
    const subnet = parseSubnet(text);
    if (subnet !== undefined) return [subnet];
    problems.push(`a subnet must look like 192.0.2.0/24, at most /30, got ${quote(text)}`);
    return [];
  });
  subnets.forEach((subnet, index) => {
    const clash = subnets.slice(0, index).find((other) => addressesOverlap(other, subnet));
    if (clash) problems.push(`subnets must not overlap: ${clash.text} and ${subnet.text}`);
  });
  const names = new Set<string>();
  const owners = new Map<string, string>();
  for (const host of plannedHosts(site)) {
    const where = `host ${host.name}`;
    if (!hostNamePattern.test(host.name)) {
      problems.push(`a host's name must be letters, digits and dashes, got ${quote(host.name)}`);
    }
    if (names.has(host.name)) problems.push(`two hosts are named ${host.name}`);
    names.add(host.name);
    const owner = owners.get(host.address);
    if (owner !== undefined) problems.push(`${where} and host ${owner} both have ${host.address}`);
    owners.set(host.address, host.name);
    const address = parseAddress(host.address);
    if (address === undefined) {
      problems.push(`${where} needs an IPv4 address, got ${quote(host.address)}`);
    } else if (!subnets.some((subnet) => contains(subnet, address))) {
      problems.push(`${where}: ${host.address} is in none of ${site.subnets.join(", ")}`);
    }
    for (const [what, value] of Object.entries({
      cpus: host.cpus,
      memoryGiB: host.memoryGiB,
      diskGiB: host.diskGiB,
    })) {
      if (!(Number.isFinite(value) && value > 0)) {
        problems.push(`${where}: ${what} must be more than 0, got ${value}`);
      }
    }
    if (!Number.isInteger(host.cpus))
      problems.push(`${where}: cpus must be whole, got ${host.cpus}`);
    for (const port of host.sshPorts) {
      if (!(Number.isInteger(port) && port > 0 && port < 65536)) {
        problems.push(`${where}: the SSH port must be 1 to 65535, got ${port}`);
      }
    }
    problems.push(...loginProblems(where, host.logins));
  }
  for (const address of site.extraAddresses) {
    if (parseAddress(address) === undefined) {
      problems.push(`an extra address must be an IPv4 address, got ${quote(address)}`);
    } else if (owners.has(address)) {
      problems.push(`the extra address ${address} is already that of host ${owners.get(address)}`);
    }
  }
  if (!site.directAccess && site.bastion === undefined) {
    problems.push("without a bastion the operator needs direct access to the hosts");
  }
  return problems;
}

function loginProblems(where: string, logins: readonly SimulatedLogin[]): string[] {
  const problems: string[] = [];
  const users = new Set<string>();
  if (logins.length === 0) problems.push(`${where} has no login, so nobody could get in`);
  for (const login of logins) {
    if (!userPattern.test(login.user)) {
      problems.push(`${where}: a user's name must be a Unix name, got ${quote(login.user)}`);
    }
    if (takenNames.has(login.user)) {
      problems.push(`${where}: ${login.user} is an account of the system; log in as somebody else`);
    }
    if (users.has(login.user)) problems.push(`${where} has two logins for ${login.user}`);
    users.add(login.user);
    if (login.password !== undefined && !/^[^\n\0]{1,256}$/.test(login.password)) {
      problems.push(
        `${where}: the password of ${login.user} must be one line of 1 to 256 characters`,
      );
    }
    if (login.authorizedKeys.some((key) => /[\n\0]/.test(key.trim()))) {
      problems.push(`${where}: an authorized key of ${login.user} must be one line`);
    }
    if (login.sudo === "password" && login.user !== "root" && login.password === undefined) {
      problems.push(`${where}: sudo of ${login.user} asks for a password, but it has none`);
    }
  }
  return problems;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
