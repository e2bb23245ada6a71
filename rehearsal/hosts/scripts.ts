import { shellQuote } from "../keeper/script";
import { hostAddressBatch, type PlannedLink, plugBatch } from "../network/plan";
import { diskLines, type SimulatedDisk } from "./disks";

/** What a host's start-up script needs beyond its name. */
export interface HostBoot {
  readonly name: string;
  /** Folders of this machine that the host sees, read-only, at the same paths. */
  readonly visible: readonly string[];
  /** Folders inside those that it must not see. */
  readonly hidden: readonly string[];
  /** Disks besides the one that it runs from. */
  readonly disks: readonly SimulatedDisk[];
}

/** Powers that would reach beyond the host: clock, modules, devices, reboot. */
const deniedCapabilities = [
  "sys_time",
  "sys_module",
  "sys_rawio",
  "sys_boot",
  "mac_admin",
  "mac_override",
  "syslog",
  "wake_alarm",
  "mknod",
];

/** The environment that everything on a host starts with: nothing of this machine's. */
export const hostEnvironment: readonly string[] = [
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "LANG=C.UTF-8",
  "HOME=/root",
  "USER=root",
  "SHELL=/bin/bash",
];

/** The words that run a command with a host's powers and environment. */
export function asHost(argv: readonly string[]): string[] {
  const bounding = deniedCapabilities.map((name) => `-${name}`).join(",");
  return ["setpriv", `--bounding-set=${bounding}`, "--", "env", "-i", ...hostEnvironment, ...argv];
}

/**
 * Shell lines that fill the layers all hosts share; run once in the working memory. The packages
 * are copied, for overlay refuses a layer that lies inside another one, and their folder lies
 * inside this machine's root.
 */
export function layersScript(debianLayer: string, unwanted: readonly string[]): string {
  return [
    "umask 022",
    "chmod 755 base mask",
    `cp -a -- ${shellQuote(`${debianLayer}/.`)} base/`,
    "chown 0:0 base && chmod 755 base",
    `(cd base && rm -rf -- ${unwanted.map(shellQuote).join(" ")})`,
    // Names removed on purpose: mknod writes the one device that overlay takes for "not there".
    "[ -e hidden ] || mknod hidden c 0 0",
    "mkdir -p sysctl",
    "for part in vm fs kernel; do",
    // Some settings can only be written; a copy without them will do.
    "  cp -r --no-preserve=all /proc/sys/$part sysctl/ 2>/dev/null || true",
    "done",
    "",
  ].join("\n");
}

/**
 * Shell lines that give hosts their disks: a tmpfs of the disk's size each; run before files are
 * laid on them.
 */
export function disksScript(
  disks: readonly { readonly name: string; readonly diskGiB: number; readonly mounted: boolean }[],
): string {
  const lines = ["umask 022"];
  for (const { name, diskGiB, mounted } of disks) {
    const size = `size=${Math.ceil(diskGiB * 1024 * 1024)}k`;
    if (mounted) {
      lines.push(`mount -o remount,${size} hosts/${name}`);
    } else {
      lines.push(
        `mkdir -p hosts/${name}`,
        `mount -t tmpfs -o mode=755,nr_inodes=0,${size} disk hosts/${name}`,
      );
    }
    lines.push(
      `(cd hosts/${name} && mkdir -p upper work root kernel proc sysctl sysctl-upper sysctl-work)`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** Shell lines that start hosts side by side; run in the working memory. */
export function startScript(
  hosts: readonly { readonly name: string; readonly link: PlannedLink; readonly log: string }[],
): string {
  const lines = [
    "umask 022",
    // A run that was killed may have left a host half started, known by no pid file.
    "clear() {",
    "  local left=1 process",
    "  while [ $left = 1 ]; do",
    "    left=0",
    "    for process in /proc/[0-9]*; do",
    "      [ $process/ns/net -ef netns/$1 ] || continue",
    "      left=1",
    `      kill -KILL "\${process#/proc/}" 2>/dev/null || true`,
    "    done",
    "    [ $left = 0 ] || sleep 0.05",
    "  done",
    "}",
    "start() {",
    "  [ ! -e netns/$1 ] || clear $1",
    "  ip link delete dev $2 2>/dev/null || true",
    "  umount netns/$1 2>/dev/null || true",
    "  : > netns/$1",
    "  unshare --net=netns/$1 true",
    "  ip -batch hosts/$1/plug",
    "  nsenter --net=netns/$1 ip -batch hosts/$1/address",
    "  rm -f hosts/$1/pid",
    "  setsid nsenter --net=netns/$1 unshare --mount --pid --uts --ipc --fork --kill-child \\",
    '    bash hosts/$1/boot </dev/null >>"$3" 2>&1 9>&- &',
    "}",
    "waited=",
  ];
  for (const { name, link, log } of hosts) {
    lines.push(`(set -eu; start ${name} ${link.link} ${shellQuote(log)}) & waited="$waited $!"`);
  }
  lines.push("failed=0", "for pid in $waited; do wait $pid || failed=1; done", "exit $failed");
  return `${lines.join("\n")}\n`;
}

/**
 * Files that `startScript` reads for one host, by name in the host's folder of the working memory.
 */
export function startFiles(
  link: PlannedLink,
  boot: HostBoot,
): { readonly plug: string; readonly address: string; readonly boot: string } {
  return {
    plug: plugBatch(link, `netns/${link.host}`),
    address: hostAddressBatch(link),
    boot: bootScript(boot),
  };
}

/**
 * The script that becomes process 1 of a host. It puts the host's root together from the layers,
 * turns to it, leaves this machine's mounts behind, and becomes the script that stands for init.
 */
export function bootScript(boot: HostBoot): string {
  const host = `hosts/${boot.name}`;
  const root = `${host}/root`;
  const visible = boot.visible.flatMap((folder) => {
    const source = shellQuote(folder);
    const target = `${root}${source}`;
    return [
      `mkdir -p ${target}`,
      `mount --bind ${source} ${target}`,
      `mount -o remount,bind,ro ${target}`,
    ];
  });
  const hidden = boot.hidden.map(
    (folder) => `mount -t tmpfs -o ro,mode=700,size=4k hidden ${root}${shellQuote(folder)}`,
  );
  const become = asHost(["/usr/lib/simulated-host/init"]).map(shellQuote).join(" ");
  return `set -eu
umask 022
# The rehearsal's /proc is still mounted here, so this is our pid as the rehearsal sees it.
read -r self _ < /proc/self/stat
mount --make-rprivate /
for try in 1 2 3 4 5; do
  # A host started again at once may find its disk still held by what was just ended.
  mount -t overlay -o lowerdir=base:mask:/,upperdir=${host}/upper,workdir=${host}/work \\
    overlay ${root} && break
  [ $try -lt 5 ]
  sleep 0.2
done
echo ${boot.name} > /proc/sys/kernel/hostname
mount -t proc proc ${root}/proc
mount -t proc proc ${host}/proc
mount -t overlay -o lowerdir=sysctl,upperdir=${host}/sysctl-upper,workdir=${host}/sysctl-work \\
  overlay ${host}/sysctl
for name in cpuinfo meminfo swaps; do mount --bind ${host}/kernel/$name ${root}/proc/$name; done
# Kernel settings: those of the network are the host's own anyway; the others are a copy.
mount --bind ${root}/proc/sys ${root}/proc/sys
mount -o remount,bind,ro ${root}/proc/sys
mount --bind ${host}/proc/sys/net ${root}/proc/sys/net
for part in vm fs kernel; do mount --bind ${host}/sysctl/$part ${root}/proc/sys/$part; done
for name in random hostname domainname; do
  [ ! -e ${root}/proc/sys/kernel/$name ] ||
    mount --bind ${host}/proc/sys/kernel/$name ${root}/proc/sys/kernel/$name
done
umount -l ${host}/proc
for name in sysrq-trigger irq bus fs; do
  [ ! -e ${root}/proc/$name ] || { mount --bind ${root}/proc/$name ${root}/proc/$name &&
    mount -o remount,bind,ro ${root}/proc/$name; }
done
for name in kcore keys timer_list; do
  [ ! -e ${root}/proc/$name ] || mount --bind /dev/null ${root}/proc/$name
done
if mount -t sysfs -o ro sysfs ${root}/sys; then
  mount --bind ${host}/kernel/online ${root}/sys/devices/system/cpu/online || true
fi
mount -t tmpfs -o mode=755,size=1m dev ${root}/dev
mkdir ${root}/dev/pts ${root}/dev/shm
for name in null zero full random urandom tty; do
  cp -a /dev/$name ${root}/dev/$name 2>/dev/null ||
    { : > ${root}/dev/$name; mount --bind /dev/$name ${root}/dev/$name; }
done
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts ${root}/dev/pts
ln -s pts/ptmx ${root}/dev/ptmx
ln -s /proc/self/fd ${root}/dev/fd
ln -s /proc/self/fd/0 ${root}/dev/stdin
ln -s /proc/self/fd/1 ${root}/dev/stdout
ln -s /proc/self/fd/2 ${root}/dev/stderr
mount -t tmpfs -o mode=1777,size=64m shm ${root}/dev/shm
mount -t tmpfs -o mode=755,size=64m run ${root}/run
mkdir -p ${root}/run/sshd ${root}/run/lock
${diskLines(boot.name, root, boot.disks)}
${[...visible, ...hidden].join("\n")}
echo $self > ${host}/pid
cd ${root}
pivot_root . mnt
umount -l /mnt
cd /
exec ${become}
`;
}
