import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Disks of all simulated hosts, as a control plane sees them: a folder for each host, a file for each disk. */
export const allDisksFolder = "/usr/lib/simulated-host/all-disks";

/** File beside a host's disks with their stable names: `/dev/disk/by-id/x sdb`, a line each. */
export const disksIndex = "index";

/** What the job that prepares disks finds: whether there is such a disk, and what it holds. */
export type DiskFinding = "missing" | "empty" | { readonly holds: string };

/** Looks at a disk by its stable name, as Rook does on the host itself: with blkid. */
export function lookAtDisk(host: string, path: string, folder = allDisksFolder): DiskFinding {
  const index = join(folder, host, disksIndex);
  const lines = existsSync(index) ? readFileSync(index, "utf8").split("\n") : [];
  const name = lines.find((line) => line.startsWith(`${path} `))?.split(" ")[1];
  if (name === undefined || !readdirSync(join(folder, host)).includes(name)) return "missing";
  const image = join(folder, host, name);
  const { status, stdout } = spawnSync("/usr/sbin/blkid", ["-p", "-o", "export", image], {
    encoding: "utf8",
  });
  if (status === 2) return "empty";
  const holds = /^(?:TYPE|PTTYPE)=(.+)$/m.exec(stdout ?? "")?.[1];
  return { holds: holds ?? "something unclear" };
}
