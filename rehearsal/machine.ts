import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "../site/run-error";

/**
 * This machine cannot do what a rehearsal needs. The message names what is missing and the next
 * step.
 */
export class MachineLacks extends RunError {
  readonly lacks: readonly string[];

  constructor(lacks: readonly string[]) {
    const list = lacks.map((line) => `  - ${line}`).join("\n");
    super(`This machine cannot hold a rehearsal:\n${list}`, { exitCode: 5 });
    this.lacks = lacks;
  }
}

/** PATH for the tools that a rehearsal calls; a user's own PATH often lacks the sbin folders. */
export function toolPath(path: string | undefined = process.env.PATH): string {
  const wanted = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  const own = (path ?? "").split(":").filter((folder) => folder !== "");
  return [...own, ...wanted.filter((folder) => !own.includes(folder))].join(":");
}

/** A program that a rehearsal calls, and the package that brings it. */
const tools: readonly (readonly [command: string, packageName: string])[] = [
  ["unshare", "util-linux"],
  ["nsenter", "util-linux"],
  ["setpriv", "util-linux"],
  ["mount", "mount"],
  ["umount", "mount"],
  ["pivot_root", "util-linux"],
  ["ip", "iproute2"],
  ["bash", "bash"],
  ["chroot", "coreutils"],
  ["openssl", "openssl"],
];

/** What is known about a machine before anything is tried on it. */
export interface MachineFacts {
  readonly platform: string;
  readonly userId: number;
  /** `CapEff` of /proc/self/status, hexadecimal. */
  readonly effectiveCapabilities: string;
  readonly missingTools: readonly string[];
  /** Text of /proc/filesystems. */
  readonly filesystems: string;
  /** What `unshare` said when it was refused; absent when it worked or was not tried. */
  readonly unshareRefusal?: string;
}

const capabilities = { CAP_SYS_ADMIN: 21n, CAP_NET_ADMIN: 12n, CAP_SYS_CHROOT: 18n, CAP_CHOWN: 0n };

/**
 * What this machine lacks, one sentence each with the next step; empty when a rehearsal can start.
 */
export function machineProblems(facts: MachineFacts): string[] {
  if (facts.platform !== "linux") {
    return [
      `Linux is needed for namespaces, this is ${facts.platform}. Use a Linux machine or virtual ` +
        "machine; `./sitewright check` and the fast tests work here.",
    ];
  }
  if (facts.userId !== 0) {
    return [
      `Root is needed to make network and mount namespaces, this is user ${facts.userId}. ` +
        "Run it again with sudo -E; `./sitewright check` works without.",
    ];
  }
  const problems: string[] = [];
  for (const [command, packageName] of tools) {
    if (facts.missingTools.includes(command)) {
      problems.push(`\`${command}\` is missing. Install it: apt-get install ${packageName}.`);
    }
  }
  const held = BigInt(`0x${facts.effectiveCapabilities || "0"}`);
  const lost = Object.entries(capabilities).filter(([, bit]) => ((held >> bit) & 1n) === 0n);
  if (lost.length > 0) {
    problems.push(
      `Root lacks ${lost.map(([name]) => name).join(", ")}: this container is restricted. ` +
        "Start it with --privileged (or the capabilities named here), or use a virtual machine.",
    );
  } else if (facts.unshareRefusal !== undefined) {
    problems.push(
      `Namespaces are refused (${facts.unshareRefusal}): a security profile or a limit under ` +
        "/proc/sys/user forbids them. Start the container with --security-opt seccomp=unconfined " +
        "--security-opt apparmor=unconfined, raise the limit, or use a virtual machine.",
    );
  }
  if (!/\toverlay$/m.test(facts.filesystems)) {
    problems.push(
      "The kernel has no overlay filesystem. Load it on the machine itself: modprobe overlay.",
    );
  }
  return problems;
}

/** Looks at this machine. Tries an empty set of namespaces, and leaves nothing behind. */
export function machineFacts(): MachineFacts {
  const missingTools = tools.map(([command]) => command).filter((command) => !onPath(command));
  const facts: MachineFacts = {
    platform: process.platform,
    userId: process.getuid?.() ?? -1,
    effectiveCapabilities:
      /^CapEff:\s*([0-9a-f]+)/m.exec(readText("/proc/self/status"))?.[1] ?? "0",
    missingTools,
    filesystems: readText("/proc/filesystems"),
  };
  if (facts.platform !== "linux" || facts.userId !== 0 || missingTools.includes("unshare")) {
    return facts;
  }
  const trial = spawnSync(
    "unshare",
    ["--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "true"],
    {
      env: { ...process.env, PATH: toolPath() },
      encoding: "utf8",
    },
  );
  if (trial.status === 0) return facts;
  return { ...facts, unshareRefusal: (trial.stderr || "no reason given").trim() };
}

/**
 * Makes sure that a rehearsal can start here.
 * @throws {MachineLacks} naming everything that is missing at once.
 */
export function requireMachine(): void {
  const problems = machineProblems(machineFacts());
  if (problems.length > 0) throw new MachineLacks(problems);
}

function onPath(command: string): boolean {
  return toolPath()
    .split(":")
    .some((folder) => {
      try {
        accessSync(join(folder, command), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
