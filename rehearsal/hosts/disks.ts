import { shellQuote } from "../keeper/script";
import { allDisksFolder, disksIndex } from "../operators/ceph-disks";
import type { HostFile } from "./files";

/** A disk of a simulated host besides the one that it runs from. */
export interface SimulatedDisk {
  /** Stable name: `/dev/disk/by-id/nvme-x`. */
  readonly path: string;
  readonly sizeGiB: number;
}

/** Folder of a host with what its disks hold, a sparse file each, by the kernel's name of the disk. */
export const disksFolder = "/usr/lib/simulated-host/disks";

/** A major number that no driver of any kernel has: opening such a device always fails. */
const UNUSED_MAJOR = 120;

/** The kernel's name of a disk by its place, from sdb on. */
export function diskName(at: number): string {
  const letter = (place: number) => String.fromCharCode(97 + place);
  const place = at + 1;
  return place < 26
    ? `sd${letter(place)}`
    : `sd${letter(Math.floor(place / 26) - 1)}${letter(place % 26)}`;
}

/**
 * Shell lines of a host's boot that give it its disks. Their names are real block devices, which no driver serves; what
 * they hold is in sparse files that outlive a restart. Run in the working memory, before the host turns to its root.
 */
export function diskLines(host: string, root: string, disks: readonly SimulatedDisk[]): string {
  const own = `disks/${host}`;
  const index = disks.map(({ path }, at) => `${path} ${diskName(at)}\n`).join("");
  return [
    `mkdir -p ${own}`,
    "chmod 700 disks",
    `printf %s ${shellQuote(index)} > ${own}/${disksIndex}`,
    ...disks.flatMap(({ path, sizeGiB }, at) => {
      const name = diskName(at);
      return [
        `[ -e ${own}/${name} ] || : > ${own}/${name}`,
        `truncate -s ${sizeGiB}G ${own}/${name}`,
        `mknod -m 660 ${root}/dev/${name} b ${UNUSED_MAJOR} ${at}`,
        `mkdir -p ${shellQuote(`${root}${path.slice(0, path.lastIndexOf("/"))}`)}`,
        `ln -s ../../${name} ${shellQuote(`${root}${path}`)}`,
      ];
    }),
    `mkdir -p ${root}${disksFolder} ${root}${allDisksFolder}`,
    `mount --bind ${own} ${root}${disksFolder}`,
    `mount --bind disks ${root}${allDisksFolder}`,
    `mount -o remount,bind,ro ${root}${allDisksFolder}`,
  ].join("\n");
}

/** Tools that look at disks, which the files stand behind; the real tool does the looking where there is one. */
export function diskTools(disks: readonly SimulatedDisk[]): readonly HostFile[] {
  if (disks.length === 0) return [];
  const tool = (name: string, ask: string): HostFile => ({
    path: `usr/local/sbin/${name}`,
    content: `#!/bin/sh\n# This host is simulated: what its disks hold is in files.\n${preamble(name)}${ask}`,
    mode: 0o755,
  });
  return [
    tool("blkid", `${allButLast}exec /usr/sbin/blkid "$@" "$image"\n`),
    tool(
      "blockdev",
      `case "$*" in\n  *--getsize64*) exec stat -c %s "$image" ;;\n  *) echo "blockdev: only --getsize64 is simulated" >&2; exit 1 ;;\nesac\n`,
    ),
    tool(
      "lsblk",
      // Name and mount point, a line for the disk and one for each of its partitions.
      `echo "\${image##*/} "\npartx --show --noheadings --output NR "$image" 2>/dev/null | while read -r part; do\n  echo "\${image##*/}$part "\ndone\n`,
    ),
  ];
}

/** The last argument as the file behind it; whatever is no simulated disk is left to the real tool. */
function preamble(name: string): string {
  return `for last; do :; done
real=$(readlink -f "$last" 2>/dev/null)
image=${disksFolder}/\${real##*/}
case $real in
  /dev/sd*) [ -e "$image" ] || { echo "${name}: $last: no such device" >&2; exit 1; } ;;
  *) for real in /usr/sbin/${name} /usr/bin/${name}; do [ ! -x $real ] || exec $real "$@"; done ;;
esac
`;
}

/** Leaves the last argument out of "$@". */
const allButLast = `count=$#
while [ "$count" -gt 1 ]; do set -- "$@" "$1"; shift; count=$((count - 1)); done
shift
`;
