import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { RunError } from "../../site/run-error";

/**
 * Makes sure that no other engine works on this rehearsal's stack. One whose run was killed is ended: its state is
 * as good as the last step it recorded, and the run that comes now goes on from there.
 * @throws when somebody else's `pulumi` is at work.
 */
export async function requireNoEngine(program: string): Promise<void> {
  for (const { pid, parent } of enginesOf(program)) {
    if (parent !== 1) {
      throw new RunError(`pulumi (process ${pid} inside) is at work on this rehearsal`, {
        exitCode: 7,
        nextStep: "wait for it, or end it, then rehearse again",
      });
    }
    process.kill(pid, "SIGKILL");
  }
  const deadline = Date.now() + 5000;
  while (enginesOf(program).length > 0 && Date.now() < deadline) await delay(20);
}

interface Engine {
  readonly pid: number;
  /** 1 when whoever started it is gone. */
  readonly parent: number;
}

function enginesOf(program: string): Engine[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      if (readlinkSync(`/proc/${entry}/exe`) !== program) return [];
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [{ pid: Number(entry), parent: Number(parent) }];
    } catch {
      return []; // ended while we looked
    }
  });
}
