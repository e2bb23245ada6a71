import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const original = resolve(__dirname, "../../..");

/** How a command ended, and what it printed. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of this checkout with rehearsals of its own, so that a journey may edit files and kill runs. */
export class Checkout {
  readonly root: string;
  private readonly scratch: string;

  constructor() {
    this.scratch = mkdtempSync(join(tmpdir(), "sitewright-journey-"));
    this.root = join(this.scratch, "checkout");
    mkdirSync(this.root);
    const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
      cwd: original,
      encoding: "utf8",
    });
    for (const file of listed.split("\0").filter((name) => name !== "")) {
      cpSync(join(original, file), join(this.root, file), { force: true });
    }
    // Hard links: as quick as a link, and visible to simulated hosts like the rest of the checkout.
    execFileSync("cp", ["-al", join(original, "node_modules"), join(this.root, "node_modules")]);
  }

  /** Changes a file of the copy. Fails when nothing changes, since the journey would then prove nothing. */
  edit(file: string, change: (text: string) => string): void {
    const path = join(this.root, file);
    const before = readFileSync(path, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${file} changes nothing`);
    writeFileSync(path, after);
  }

  /** Runs `./sitewright` of the copy to its end. `killAfterMs` ends it, and all it started, in the middle. */
  run(args: readonly string[], options: { readonly killAfterMs?: number } = {}): Promise<Ran> {
    const child = spawn(join(this.root, "sitewright"), args, {
      cwd: this.root,
      detached: true,
      env: {
        ...process.env,
        SITEWRIGHT_REHEARSALS: join(this.scratch, "rehearsals"),
        PULUMI_CONFIG_PASSPHRASE: "rehearsal",
        NO_COLOR: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const texts = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      texts.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      texts.stderr += text;
    });
    const timer =
      options.killAfterMs === undefined
        ? undefined
        : setTimeout(() => {
            // The whole group, as a power cut of the operator's machine would.
            if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
          }, options.killAfterMs);
    return new Promise((done, fail) => {
      child.once("error", fail);
      child.once("close", (code) => {
        clearTimeout(timer);
        done({ code: code ?? 137, ...texts });
      });
    });
  }

  /** Removes the copy. Rehearsals must have been destroyed before. */
  remove(): void {
    rmSync(this.scratch, { recursive: true, force: true });
  }
}

/** Fails with the end of what a command printed, unless it ended well. */
export function succeeded(ran: Ran): void {
  const said = `${ran.stdout.slice(-4000)}\n${ran.stderr.slice(-4000)}`;
  assert.equal(ran.code, 0, `exit code ${ran.code}\n${said}`);
}
