import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Rehearsal } from "../folders";
import { insidePrefix, requireRecord } from "../keeper/record";
import { areaPath } from "./layers";

/**
 * Process 1 of a host, as a pid of the rehearsal's PID namespace; undefined when the host is down.
 */
export function hostPid(rehearsal: Rehearsal, host: string): number | undefined {
  const proc = procPath(rehearsal);
  try {
    const pid = Number(readFileSync(join(areaPath(rehearsal), "hosts", host, "pid"), "utf8"));
    const status = readFileSync(join(proc, String(pid), "status"), "utf8");
    // Only process 1 of a PID namespace below the rehearsal's own ends its list with "<pid> 1".
    if (!new RegExp(`^NSpid:.*\\b${pid}\\s+1$`, "m").test(status)) return undefined;
    return /^State:\s*[ZX]/m.test(status) ? undefined : pid;
  } catch {
    return undefined;
  }
}

/**
 * True when the host listens on these TCP ports. Looks at the host's sockets; connects to nothing.
 */
export function isAnswering(rehearsal: Rehearsal, host: string, ports: readonly number[]): boolean {
  const pid = hostPid(rehearsal, host);
  if (pid === undefined) return false;
  try {
    // Programs in Go listen for IPv4 on sockets of IPv6 as well.
    const sockets = ["net/tcp", "net/tcp6"]
      .map((table) => readFileSync(join(procPath(rehearsal), String(pid), table), "utf8"))
      .join("\n");
    const listening = new Set(
      sockets.split("\n").flatMap((line) => {
        const [, local, , state] = line.trim().split(/\s+/);
        const port = local?.split(":").at(-1);
        return state === "0A" && port !== undefined ? [Number.parseInt(port, 16)] : [];
      }),
    );
    return ports.every((port) => listening.has(port));
  } catch {
    return false;
  }
}

/**
 * Waits until hosts listen on their ports.
 * @returns the hosts that do not after so many seconds; empty when all do.
 */
export async function untilAnswering<
  Host extends { readonly name: string; readonly ports: readonly number[] },
>(rehearsal: Rehearsal, hosts: readonly Host[], seconds: number): Promise<readonly Host[]> {
  const deadline = Date.now() + seconds * 1000;
  let waiting = hosts;
  for (;;) {
    waiting = waiting.filter((host) => !isAnswering(rehearsal, host.name, host.ports));
    if (waiting.length === 0 || Date.now() > deadline) return waiting;
    await delay(15);
  }
}

/** The rehearsal's /proc as this process can reach it. */
function procPath(rehearsal: Rehearsal): string {
  return `${insidePrefix(requireRecord(rehearsal))}/proc`;
}
