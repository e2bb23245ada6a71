import { utils } from "ssh2";
import type { Blueprint, LoginBlueprint } from "../../site/blueprint-types";
import { customerBalancers } from "../hosts/customer-balancer";
import type { SimulatedDisk } from "../hosts/disks";
import { nodePortAnswers } from "../kubekey/cluster/node-ports";
import type { SimulatedHost, SimulatedLogin, SimulatedSite } from "../simulated-site";

/** Size of a simulated disk for metadata; no site states it. */
const metadataDiskGiB = 100;

/**
 * The site's machines as the rehearsal is to simulate them: same names, addresses, sizes and logins.
 * @throws when a private key among the secrets cannot be read.
 */
export function simulationOf(
  blueprint: Blueprint,
  secrets: Readonly<Record<string, string>>,
): SimulatedSite {
  const { hosts, bastion, cluster, baseline, edge } = blueprint;
  const balancers = customerBalancers(blueprint);
  const addresses = [...hosts, ...balancers].map((host) => host.address);
  const all = [...addresses, ...(bastion ? [bastion.address] : [])];
  // Reserved, so that nobody else is given them; keepalived or whoever else is to have them brings them up.
  const extraAddresses = [cluster.endpoint.address, ...(edge?.addresses ?? [])].filter(
    (address) => isAddress(address) && !all.includes(address),
  );
  return {
    name: blueprint.site,
    subnets: [...new Set([...all, ...extraAddresses].map(subnetOf))],
    hosts: [
      ...hosts.map((host) =>
        withNodePorts(edge, {
          name: host.name,
          address: host.address,
          cpus: host.cpus,
          memoryGiB: host.memoryGiB,
          diskGiB: host.diskGiB,
          disks: disksOf(blueprint, host.name),
          sshPort: host.login.port,
          logins: [simulatedLogin(host.login, secrets)],
        }),
      ),
      ...balancers,
    ],
    ...(bastion && {
      bastion: {
        address: bastion.address,
        port: bastion.login.port,
        logins: [simulatedLogin(bastion.login, secrets)],
      },
    }),
    directAccess: bastion === undefined,
    extraAddresses,
    names: baseline.hostsEntries.map(({ address, names }) => ({ address, names })),
  };
}

function withNodePorts(edge: Blueprint["edge"], host: SimulatedHost): SimulatedHost {
  const nodePorts = edge && nodePortAnswers(edge, host.name);
  return nodePorts === undefined ? host : { ...host, nodePorts };
}

/** Disks that storage takes whole, each once: several may share one for their metadata. */
function disksOf({ platform }: Blueprint, name: string): readonly SimulatedDisk[] {
  const { devices = [] } = platform.storage?.ceph?.hosts.find((host) => host.name === name) ?? {};
  const sizes = new Map(devices.map(({ path, sizeGiB }) => [path, sizeGiB]));
  for (const { metadataPath } of devices) {
    if (metadataPath !== undefined) sizes.set(metadataPath, metadataDiskGiB);
  }
  return [...sizes].map(([path, sizeGiB]) => ({ path, sizeGiB }));
}

function simulatedLogin(
  login: LoginBlueprint,
  secrets: Readonly<Record<string, string>>,
): SimulatedLogin {
  const password = login.passwordSecret && secrets[login.passwordSecret];
  const privateKey = login.privateKeySecret && secrets[login.privateKeySecret];
  return {
    user: login.user,
    ...(password && { password }),
    authorizedKeys: privateKey ? [publicKeyLine(privateKey, login.privateKeySecret ?? "")] : [],
    sudo: login.sudo,
  };
}

function publicKeyLine(privateKey: string, secretName: string): string {
  const parsed = utils.parseKey(privateKey);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || key instanceof Error) {
    throw new Error(
      `The secret ${secretName} must be a private key in OpenSSH or PEM form without a passphrase: ` +
        `${key?.message ?? "nothing found in it"}.`,
    );
  }
  return `${key.type} ${key.getPublicSSH().toString("base64")}`;
}

/** A site file names no netmask; hosts that share their first three numbers share a switch. */
function subnetOf(address: string): string {
  return `${address.split(".").slice(0, 3).join(".")}.0/24`;
}

function isAddress(text: string): boolean {
  return /^\d+(\.\d+){3}$/.test(text);
}
