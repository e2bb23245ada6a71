import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type ProgramOptions, runProgram } from "./program";

/** What simulated hosts run that a machine seldom has. */
export const hostPackages = [
  "openssh-server",
  "openssh-sftp-server",
  "openssh-client",
  "sudo",
  "iproute2",
  "iptables",
  "haproxy",
  "keepalived",
  "docker-registry",
] as const;

/** Where each package's program is, for machines whose packages have other names. */
export const hostPrograms: Readonly<Record<(typeof hostPackages)[number], string>> = {
  "openssh-server": "usr/sbin/sshd",
  "openssh-sftp-server": "usr/lib/openssh/sftp-server",
  "openssh-client": "usr/bin/ssh",
  sudo: "usr/bin/sudo",
  iproute2: "usr/bin/ip",
  iptables: "usr/sbin/iptables",
  haproxy: "usr/sbin/haproxy",
  keepalived: "usr/sbin/keepalived",
  "docker-registry": "usr/bin/docker-registry",
};

/** `name version` of every installed package, sorted; undefined where dpkg is not in use. */
export async function installedPackages(): Promise<readonly string[] | undefined> {
  const end = await runProgram("dpkg-query", [
    "--show",
    "--showformat",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own fields
    "${db:Status-Abbrev}${binary:Package} ${Version}\\n",
  ]);
  if (end.code !== 0) return undefined;
  const lines = end.stdout.split("\n").filter((line) => line.startsWith("ii "));
  return lines.map((line) => line.slice(3).trim()).sort();
}

/** apt with state of its own: the machine's lists, cache and locks stay as they are. */
async function aptOptions(state: string): Promise<string[]> {
  await mkdir(join(state, "lists", "partial"), { recursive: true });
  await mkdir(join(state, "cache", "archives", "partial"), { recursive: true });
  const settings = {
    "Dir::State::lists": join(state, "lists"),
    "Dir::State::extended_states": join(state, "extended_states"),
    "Dir::State::status": "/var/lib/dpkg/status",
    "Dir::Cache": join(state, "cache"),
    // Only packages are wanted: no translations, icons or file lists.
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
    "Acquire::http::Timeout": "10",
    "Acquire::https::Timeout": "10",
    "Acquire::Retries": "1",
    // The private folders need not be open to apt's own user.
    "APT::Sandbox::User": "root",
    "Debug::NoLocking": "1",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/**
 * Downloads packages and what they need beyond this machine's own into `state`, verified by apt, and
 * returns the files. Installs nothing. Throws with apt's words.
 */
export async function downloadPackages(
  state: string,
  report: (detail: string) => void,
  signal: AbortSignal,
): Promise<string[]> {
  const apt = await aptOptions(state);
  const options: ProgramOptions = {
    environment: { ...process.env, LC_ALL: "C.UTF-8", DEBIAN_FRONTEND: "noninteractive" },
    signal,
  };
  report("fetching package lists");
  const updated = await runProgram("apt-get", [...apt, "update"], options);
  report(`downloading ${hostPackages.length} packages and what they need`);
  // With --reinstall the layer is whole whatever the machine has; /usr of a simulated host shows both.
  const wanted = [
    "--yes",
    "--no-install-recommends",
    "--download-only",
    "--reinstall",
    "install",
    ...hostPackages,
  ];
  const downloaded = await runProgram("apt-get", [...apt, ...wanted], options);
  if (downloaded.code !== 0) {
    const said = `${updated.stderr}\n${downloaded.stderr}`.split("\n");
    const told = said.filter((line) => /^[EW]:/.test(line)).slice(0, 6);
    throw new Error(told.join("\n") || `apt-get ended with ${downloaded.code}`);
  }
  const archives = join(state, "cache", "archives");
  const names = (await readdir(archives)).filter((name) => name.endsWith(".deb"));
  return names.map((name) => join(archives, name)).sort();
}

/** Unpacks packages into `root` as one tree that can lie above a merged-/usr system. */
export async function unpackPackages(
  debs: readonly string[],
  root: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const deb of debs) {
    const end = await runProgram("dpkg-deb", ["--extract", deb, root], { signal });
    if (end.code !== 0) throw new Error(`${deb} cannot be unpacked: ${end.stderr}`);
  }
  // A real /lib in the layer would hide the machine's /lib -> usr/lib, and with it every program.
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    await mergeIntoUsr(root, name);
  }
  for (const name of ["doc", "man", "info", "locale"]) {
    await rm(join(root, "usr", "share", name), { recursive: true, force: true });
  }
  // dpkg gives unpacked trees their packages' modes; the root itself is from mkdir.
  await chmod(root, 0o755);
}

async function mergeIntoUsr(root: string, name: string): Promise<void> {
  const end = await runProgram("sh", [
    "-c",
    'cd "$1" && [ -d "$2" ] && [ ! -L "$2" ] && mkdir -p "usr/$2" && cp -a "$2/." "usr/$2/" && rm -r "$2" || [ ! -d "$2" ]',
    "merge",
    root,
    name,
  ]);
  if (end.code !== 0) throw new Error(`/${name} cannot be merged into /usr: ${end.stderr}`);
}
