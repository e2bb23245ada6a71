import { createHash } from "node:crypto";
import { nodePortsConfig, nodePortsFile } from "../kubekey/cluster/node-ports";
import type { PlannedHost } from "../simulated-site";
import { accountsOf, groupFile, passwdFile, shadowFile, sudoersFile } from "./accounts";
import { diskTools } from "./disks";
import type { HostKey } from "./host-keys";
import { nprocScript } from "./kernel-files";
import { serviceCommand } from "./service-command";
import { initScript, servicesFolder } from "./services";

/** A file or folder to lay on a host's disk. */
export interface HostFile {
  /** Path on the host, without the leading slash. */
  readonly path: string;
  /** Absent for a folder. */
  readonly content?: string;
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Files that are the same on every host: authentication, name lookup, and the script that stands
 * for init.
 */
export function commonFiles(): HostFile[] {
  const pam = ["auth", "account", "password", "session"]
    .map((kind) => `${kind} required pam_unix.so\n`)
    .join("");
  return [
    ...["other", "sudo", "sudo-i", "su", "su-l", "login", "passwd", "chpasswd", "runuser"].map(
      (name) => ({
        path: `etc/pam.d/${name}`,
        content: name.startsWith("su") ? `auth sufficient pam_rootok.so\n${pam}` : pam,
        mode: 0o644,
      }),
    ),
    {
      path: "etc/nsswitch.conf",
      content:
        "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nnetworks: files\n" +
        "protocols: files\nservices: files\n",
      mode: 0o644,
    },
    { path: "etc/resolv.conf", content: "# No name server: the site is closed.\n", mode: 0o644 },
    { path: "usr/lib/simulated-host", mode: 0o755 },
    { path: "usr/lib/simulated-host/init", content: initScript, mode: 0o755 },
    { path: "usr/local/sbin/service", content: serviceCommand, mode: 0o755 },
  ];
}

const loopbackLines = ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"];

/** Everything on a host's disk that makes it this host and no other. */
export function hostFiles(
  site: string,
  host: PlannedHost,
  key: HostKey,
  hashes: ReadonlyMap<string, string>,
): HostFile[] {
  const accounts = accountsOf(host);
  return [
    { path: "etc/hostname", content: `${host.name}\n`, mode: 0o644 },
    {
      path: "etc/hosts",
      content: `${loopbackLines.join("\n")}\n${host.address} ${host.name}\n`,
      mode: 0o644,
    },
    { path: "etc/machine-id", content: `${machineId(site, host.name)}\n`, mode: 0o444 },
    { path: "etc/passwd", content: passwdFile(accounts), mode: 0o644 },
    { path: "etc/group", content: groupFile(accounts), mode: 0o644 },
    { path: "etc/shadow", content: shadowFile(accounts, hashes), mode: 0o640, gid: 42 },
    { path: "etc/sudoers", content: sudoersFile(accounts), mode: 0o440 },
    { path: "etc/ssh/sshd_config", content: sshdConfig(host), mode: 0o600 },
    { path: "etc/ssh/ssh_host_ed25519_key", content: key.privateKey, mode: 0o600 },
    { path: "etc/ssh/ssh_host_ed25519_key.pub", content: `${key.publicKey}\n`, mode: 0o644 },
    ...(host.nodePorts === undefined
      ? []
      : [
          {
            path: nodePortsFile.slice(1),
            content: nodePortsConfig(host.name, host.nodePorts),
            mode: 0o644,
          },
        ]),
    ...(host.haproxy === undefined
      ? []
      : [
          { path: "etc/haproxy/haproxy.cfg", content: host.haproxy, mode: 0o644 },
          {
            path: `${servicesFolder.slice(1)}/service-haproxy`,
            content: "exec /usr/local/sbin/service haproxy start\n",
            mode: 0o644,
          },
        ]),
    { path: "usr/local/bin/nproc", content: nprocScript(host.cpus), mode: 0o755 },
    ...diskTools(host.disks ?? []),
    ...accounts.flatMap((account): HostFile[] => {
      const owner = { uid: account.uid, gid: account.uid };
      const home = account.home.slice(1);
      return [
        { path: home, mode: 0o700, ...owner },
        { path: `${home}/.ssh`, mode: 0o700, ...owner },
        {
          path: `${home}/.ssh/authorized_keys`,
          content: account.authorizedKeys.map((line) => `${line.trim()}\n`).join(""),
          mode: 0o600,
          ...owner,
        },
      ];
    }),
  ];
}

/**
 * The SSH server's settings: Debian's, with limits raised for runs that open many sessions at once.
 */
export function sshdConfig(host: PlannedHost): string {
  return [
    ...host.sshPorts.map((port) => `Port ${port}`),
    "HostKey /etc/ssh/ssh_host_ed25519_key",
    "PermitRootLogin yes",
    "PubkeyAuthentication yes",
    "PasswordAuthentication yes",
    "KbdInteractiveAuthentication no",
    "UsePAM no",
    "UseDNS no",
    "AcceptEnv LANG LC_*",
    "AllowTcpForwarding yes",
    "X11Forwarding no",
    "PrintMotd no",
    "MaxSessions 100",
    "MaxStartups 200:30:400",
    "Subsystem sftp /usr/lib/openssh/sftp-server",
    "",
  ].join("\n");
}

/**
 * The operator's /etc/hosts inside the rehearsal: every host by name, and the site's other names.
 */
export function operatorHostsFile(
  hosts: readonly { readonly name: string; readonly address: string }[],
  names: readonly { readonly address: string; readonly names: readonly string[] }[],
): string {
  return [
    ...loopbackLines,
    ...hosts.map((host) => `${host.address} ${host.name}`),
    ...names.map((entry) => `${entry.address} ${entry.names.join(" ")}`),
    "",
  ].join("\n");
}

function machineId(site: string, host: string): string {
  return createHash("sha256").update(`${site}/${host}`).digest("hex").slice(0, 32);
}
