import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RunError } from "../../site/run-error";
import { type Expiry, makeFolders, type Rehearsal, setExpiry } from "../folders";
import { MachineLacks, requireMachine, toolPath } from "../machine";
import { namespaceInode, networkNamespace } from "./namespaces";
import { bootId, type KeeperRecord, livingRecord, recordFile, startTime } from "./record";
import { keeperScript } from "./script";

const startSeconds = 15;

/**
 * Starts the rehearsal's keeper unless it lives already: a process of its own session that outlives
 * us and holds the rehearsal's network, mounts and processes.
 * @returns the record of the living keeper, and whether it was started now.
 * @throws {MachineLacks} when this machine cannot hold a rehearsal.
 */
export async function startKeeper(
  rehearsal: Rehearsal,
  expiry: Expiry,
): Promise<{ readonly record: KeeperRecord; readonly started: boolean }> {
  requireMachine();
  makeFolders(rehearsal);
  const living = livingRecord(rehearsal);
  setExpiry(rehearsal, expiry);
  if (living !== undefined) return { record: living, started: false };
  const release = takeStartLock(rehearsal);
  try {
    return { record: await launch(rehearsal), started: true };
  } finally {
    release();
  }
}

async function launch(rehearsal: Rehearsal): Promise<KeeperRecord> {
  const { run, area, logs } = rehearsal.folders;
  const answers = { ready: join(run, "ready"), failed: join(run, "failed") };
  for (const file of Object.values(answers)) rmSync(file, { force: true });
  const token = randomBytes(16).toString("hex");
  const script = join(run, "keeper.sh");
  writeFileSync(script, keeperScript({ run, area, token }), { mode: 0o600 });
  const log = openSync(join(logs, "keeper.log"), "a", 0o600);
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child"];
  const child = spawn("unshare", [...namespaces, "bash", script], {
    cwd: "/",
    detached: true,
    env: { PATH: toolPath(), LANG: "C.UTF-8" },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let exited = false;
  child.once("exit", () => {
    exited = true;
  });
  child.once("error", () => {
    exited = true;
  });
  child.unref();
  const deadline = Date.now() + startSeconds * 1000;
  while (!existsSync(answers.ready)) {
    if (exited || Date.now() > deadline) {
      if (!exited) child.kill("SIGKILL");
      throw startFailure(rehearsal, answers.failed);
    }
    await delay(10);
  }
  const initPid = Number(readFileSync(answers.ready, "utf8"));
  const initStart = startTime(initPid);
  const keeperPid = child.pid;
  if (initStart === undefined || keeperPid === undefined) {
    throw startFailure(rehearsal, answers.failed);
  }
  const record: KeeperRecord = {
    format: 1,
    keeperPid,
    keeperStart: startTime(keeperPid) ?? "",
    initPid,
    initStart,
    bootId: bootId(),
    networkNamespace: networkNamespace(initPid),
    mountNamespace: namespaceInode(initPid, "mnt"),
    pidNamespace: namespaceInode(initPid, "pid"),
    machineNetworkNamespace: networkNamespace(),
    token,
  };
  writeFileSync(recordFile(rehearsal), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  rmSync(answers.ready, { force: true });
  return record;
}

function startFailure(rehearsal: Rehearsal, failedFile: string): Error {
  const log = join(rehearsal.folders.logs, "keeper.log");
  const noise = /^\s*dmesg|sigprocmask/;
  const said = readIfThere(log)
    .trim()
    .split("\n")
    .filter((line) => !noise.test(line));
  const last = said.at(-1) || "it said nothing";
  const reason = readIfThere(failedFile).trim();
  if (reason === "") {
    return new RunError(`The rehearsal's keeper did not start: ${last}`, {
      nextStep: `read its log, ${log}, and try again`,
    });
  }
  const rootless = !/^\s*0\s+0\s+4294967295\s*$/.test(readIfThere("/proc/self/uid_map"));
  const where = rootless ? "Root is root of a user namespace only (a rootless container). " : "";
  return new MachineLacks([
    `${reason}: ${last} ${where}Use a virtual machine, or a container started by the machine's ` +
      "root with --privileged.",
  ]);
}

/**
 * Two runs must not start two keepers of one site. A lock whose owner is dead counts for nothing.
 */
function takeStartLock(rehearsal: Rehearsal): () => void {
  const file = join(rehearsal.folders.run, "starting");
  const mine = `${process.pid} ${startTime(process.pid) ?? ""}`;
  for (const lastTry of [false, true]) {
    try {
      writeFileSync(file, mine, { flag: "wx", mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      const [pid = "0", start = ""] = readIfThere(file).split(" ");
      if (lastTry || startTime(Number(pid)) === start) {
        throw new RunError(
          `Process ${pid} is starting the rehearsal of ${rehearsal.site} already.`,
          {
            nextStep: "wait for it, then try again",
            cause: error,
          },
        );
      }
      rmSync(file, { force: true });
    }
  }
  throw new Error("unreachable");
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
