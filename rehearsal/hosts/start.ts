import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RunError } from "../../site/run-error";
import type { Rehearsal } from "../folders";
import { runInside } from "../keeper/enter";
import { mountPoints } from "../keeper/mount-points";
import { insideOf, requireRecord } from "../keeper/record";
import type { NetworkPlan } from "../network/plan";
import type { PlannedHost } from "../simulated-site";
import { type HostFile, hostFiles } from "./files";
import { hostKeyOf } from "./host-keys";
import { cpuinfoFile, meminfoFile, onlineFile, swapsFile } from "./kernel-files";
import { areaPath, layFile, runInArea } from "./layers";
import { hashPasswords } from "./passwords";
import { disksScript, startFiles, startScript } from "./scripts";
import { hostPid, untilAnswering } from "./status";

const answerSeconds = 60;

/** What the hosts of a rehearsal have in common. */
export interface HostSurroundings {
  readonly network: NetworkPlan;
  /** Folders of this machine that hosts see, read-only: the checkout, the cache with its tools. */
  readonly visible: readonly string[];
}

/**
 * Brings hosts up, side by side, and waits until their SSH servers listen. A host that runs as
 * described is left alone; one whose description changed is started again with its disk kept and
 * its accounts, keys and settings written anew.
 * @returns names of the hosts that were started.
 * @throws naming the hosts that did not answer and where their logs are.
 */
export async function startHosts(
  rehearsal: Rehearsal,
  hosts: readonly PlannedHost[],
  surroundings: HostSurroundings,
): Promise<string[]> {
  const area = areaPath(rehearsal);
  const wanted = hosts.flatMap((host): Wanted[] => {
    const digest = digestOf(host, surroundings);
    const written = readIfThere(join(area, "hosts", host.name, "description"));
    if (written === digest && hostPid(rehearsal, host.name) !== undefined) return [];
    return [{ host, digest, rewrite: written !== digest }];
  });
  if (wanted.length > 0) await startThese(rehearsal, wanted, surroundings);
  // All of them: a run that was killed may have left hosts that are still booting.
  await requireAnswering(rehearsal, hosts);
  return wanted.map(({ host }) => host.name);
}

/** A host that is down, or runs but not as described. */
interface Wanted {
  readonly host: PlannedHost;
  readonly digest: string;
  /** True when its accounts, keys and settings are to be written. */
  readonly rewrite: boolean;
}

async function startThese(
  rehearsal: Rehearsal,
  wanted: readonly Wanted[],
  surroundings: HostSurroundings,
): Promise<void> {
  const area = areaPath(rehearsal);
  for (const { host } of wanted) await stopHost(rehearsal, host.name);
  const mounted = disksOf(rehearsal);
  await runInArea(
    rehearsal,
    disksScript(
      wanted.map(({ host }) => ({
        ...host,
        mounted: mounted.has(join(rehearsal.folders.area, "hosts", host.name)),
      })),
    ),
    "Making the hosts' disks",
  );
  const logins = wanted.flatMap(({ host }) => host.logins);
  const hashes = hashPasswords(logins.flatMap(({ password }) => password ?? []));
  const machineCpuinfo = readFileSync("/proc/cpuinfo", "utf8");
  const starts = wanted.map(({ host, digest, rewrite }) => {
    const folder = join(area, "hosts", host.name);
    const link = surroundings.network.links.find((entry) => entry.host === host.name);
    if (link === undefined)
      throw new Error(`Host ${host.name} has no place in the network's plan.`);
    if (rewrite) {
      const byUser = new Map(
        host.logins.map(({ user, password }) => [user, hashes.get(password ?? "\n") ?? "*"]),
      );
      const key = hostKeyOf(rehearsal, host.name);
      layChanged(folder, hostFiles(rehearsal.site, host, key, byUser));
    }
    const hidden = surroundings.visible.some((path) => isBelow(rehearsal.folders.root, path))
      ? [rehearsal.folders.root]
      : [];
    const { name, disks = [] } = host;
    const boot = { name, visible: surroundings.visible, hidden, disks };
    const texts = {
      ...startFiles(link, boot),
      description: digest,
      "kernel/cpuinfo": cpuinfoFile(machineCpuinfo, host.cpus),
      "kernel/meminfo": meminfoFile(host.memoryGiB),
      "kernel/swaps": swapsFile,
      "kernel/online": onlineFile(host.cpus),
    };
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    return { name: host.name, link, log: hostLog(rehearsal, host.name) };
  });
  await runInArea(rehearsal, startScript(starts), "Starting the hosts");
}

/**
 * Lays those files on a host's disk that are not what was laid before: others may have been changed on the host since,
 * as /etc/hosts is, and a restart must not undo that.
 */
function layChanged(folder: string, files: readonly HostFile[]): void {
  const note = join(folder, "laid.json");
  const before = JSON.parse(readIfThere(note) || "{}") as Readonly<Record<string, string>>;
  const now = Object.fromEntries(
    files.map((file) => [
      file.path,
      createHash("sha256").update(JSON.stringify(file)).digest("hex"),
    ]),
  );
  for (const file of files) {
    if (now[file.path] !== before[file.path]) layFile(join(folder, "upper"), file);
  }
  writeFileSync(note, JSON.stringify(now));
}

/**
 * Cuts a host's power: all its processes end at once. Its disk stays unless it is to be wiped.
 * Nothing happens to a host that does not run.
 */
export async function stopHost(
  rehearsal: Rehearsal,
  host: string,
  disk: "keep" | "wipe" = "keep",
): Promise<void> {
  const pid = hostPid(rehearsal, host);
  const folder = join(rehearsal.folders.area, "hosts", host);
  if (pid !== undefined) {
    await runInside(rehearsal, ["bash", "-c", `kill -KILL ${pid}`]);
    const deadline = Date.now() + 5000;
    while (hostPid(rehearsal, host) !== undefined) {
      if (Date.now() > deadline) throw new Error(`Host ${host} (pid ${pid} inside) does not end.`);
      await delay(5);
    }
  }
  if (disk === "wipe" && disksOf(rehearsal).has(folder)) {
    const wipe = `umount -l hosts/${host}\nrm -rf disks/${host}\n`;
    await runInArea(rehearsal, wipe, `Wiping the disks of ${host}`);
  }
}

/** Where a host's start-up and SSH server write to. */
export function hostLog(rehearsal: Rehearsal, host: string): string {
  return join(rehearsal.folders.logs, `host-${host}.log`);
}

async function requireAnswering(
  rehearsal: Rehearsal,
  hosts: readonly PlannedHost[],
): Promise<void> {
  const listening = hosts.map(({ name, sshPorts }) => ({ name, ports: sshPorts }));
  const waiting = await untilAnswering(rehearsal, listening, answerSeconds);
  if (waiting.length === 0) return;
  const lines = waiting.map(({ name }) => {
    const log = hostLog(rehearsal, name);
    return `  - ${name}: ${readIfThere(log).trim().split("\n").at(-1) ?? ""} (${log})`;
  });
  throw new RunError(
    `These simulated hosts have no SSH server after ${answerSeconds} s:\n${lines.join("\n")}`,
    { nextStep: `read the logs; to begin anew: ./sitewright rehearse ${rehearsal.site} --fresh` },
  );
}

/** Mount points of the hosts' disks, as paths inside. */
function disksOf(rehearsal: Rehearsal): Set<string> {
  const record = requireRecord(rehearsal);
  const who = insideOf(record) ? "self" : String(record.initPid);
  return new Set(mountPoints(readFileSync(`/proc/${who}/mountinfo`, "utf8")));
}

function digestOf(host: PlannedHost, surroundings: HostSurroundings): string {
  const link = surroundings.network.links.find((entry) => entry.host === host.name);
  const text = JSON.stringify([host, link, surroundings.visible]);
  return createHash("sha256").update(text).digest("hex");
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
