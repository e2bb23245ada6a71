/** Folders of this machine that a simulated host sees at the top; nothing else of it is shown. */
const shownAtTop = new Set([
  "bin",
  "sbin",
  "lib",
  "lib32",
  "lib64",
  "libx32",
  "libo32",
  "usr",
  "etc",
  "var",
]);

/**
 * Parts of /etc that belong to the distribution. Everything else there may hold this machine's
 * secrets.
 */
const shownInEtc = new Set([
  "adduser.conf",
  "alternatives",
  "bash.bashrc",
  "bindresvport.blacklist",
  "ca-certificates",
  "ca-certificates.conf",
  "debconf.conf",
  "debian_version",
  "deluser.conf",
  "dpkg",
  "ethertypes",
  "gai.conf",
  "host.conf",
  "inputrc",
  "iproute2",
  "issue",
  "issue.net",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "libaudit.conf",
  "locale.alias",
  "locale.gen",
  "localtime",
  "login.defs",
  "lsb-release",
  "magic",
  "mime.types",
  "mke2fs.conf",
  "networks",
  "os-release",
  "profile",
  "protocols",
  "python3",
  "rpc",
  "security",
  "selinux",
  "services",
  "shells",
  "skel",
  "ssl",
  "terminfo",
  "timezone",
  "xattr.conf",
]);

/** Parts of /var/lib that tell which packages are there. */
const shownInVarLib = new Set(["dpkg", "pam"]);

/** Container runtimes and Kubernetes programs of this machine, which a fresh site does not have. */
const hiddenPrograms = [
  "buildah",
  "calicoctl",
  "containerd",
  "containerd-shim",
  "containerd-shim-runc-v1",
  "containerd-shim-runc-v2",
  "cri-dockerd",
  "crictl",
  "crun",
  "ctr",
  "docker",
  "docker-init",
  "docker-proxy",
  "dockerd",
  "etcd",
  "etcdctl",
  "helm",
  "kk",
  "kubeadm",
  "kubectl",
  "kubelet",
  "nerdctl",
  "podman",
  "runc",
];
const programFolders = ["usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin"];

/**
 * Paths of this machine that simulated hosts must not see, relative to its root.
 * @param list names in a folder of this machine (relative to its root); empty when there is none.
 */
export function hiddenPaths(list: (folder: string) => readonly string[]): string[] {
  const hide = (folder: string, shown: ReadonlySet<string>): string[] =>
    list(folder)
      .filter((name) => !shown.has(name))
      .map((name) => (folder === "" ? name : `${folder}/${name}`));
  const programs = programFolders.flatMap((folder) => {
    const there = new Set(list(folder));
    return hiddenPrograms.filter((name) => there.has(name)).map((name) => `${folder}/${name}`);
  });
  return [
    ...hide("", shownAtTop),
    ...hide("etc", shownInEtc),
    ...list("etc/ssl")
      .filter((name) => name === "private")
      .map((name) => `etc/ssl/${name}`),
    ...hide("var", new Set(["lib"])),
    ...hide("var/lib", shownInVarLib),
    ...programs,
  ];
}

/**
 * Folders that every simulated host has of its own, in place of this machine's, with their modes.
 */
export const ownFolders: readonly (readonly [path: string, mode: number])[] = [
  ["boot", 0o755],
  ["dev", 0o755],
  ["home", 0o755],
  ["media", 0o755],
  ["mnt", 0o755],
  ["opt", 0o755],
  ["proc", 0o555],
  ["root", 0o700],
  ["run", 0o755],
  ["srv", 0o755],
  ["sys", 0o555],
  ["tmp", 0o1777],
  ["etc/pam.d", 0o755],
  ["etc/profile.d", 0o755],
  ["etc/ssh", 0o755],
  ["etc/sudoers.d", 0o750],
  ["etc/sysctl.d", 0o755],
  ["etc/systemd/system", 0o755],
  ["var/backups", 0o755],
  ["var/cache", 0o755],
  ["var/lib", 0o755],
  ["var/local", 0o755],
  ["var/log", 0o755],
  ["var/mail", 0o755],
  ["var/spool", 0o755],
  ["var/tmp", 0o1777],
];

/** Parts of the Debian packages that a fresh site does not have. */
export const unwantedOfLayer = [
  "etc/docker",
  "etc/init.d",
  "etc/runit",
  "etc/sv",
  "etc/ufw",
  "var/log/runit",
];
