import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { REQUEST_VARIABLE } from "../../components/support/step-request";
import { RunError } from "../../site/run-error";
import { Session } from "../../ssh/session";
import { answersSocks, openSocksTunnel, tunnelPort } from "../../ssh/tunnel";
import { exitCodes } from "../exit-codes";
import type { StepContext } from "./step-context";

/** A tunnel that nobody used for so long closes itself. */
const IDLE_SECONDS = 15 * 60;

/** Bound for the tunnel's own process to come up. */
const START_SECONDS = 60;

/** First word of the tunnel's process once it listens. */
const READY = "ready";

/**
 * Sees that the tunnel to a site behind a jump host is open, and ends. The tunnel itself is a process of its own:
 * it outlives this step, as Pulumi's providers use it until the deployment is over.
 */
export async function tunnel(step: StepContext): Promise<unknown> {
  const { site } = step.request;
  const port = tunnelPort(site);
  const result = { tunnel: `socks5://127.0.0.1:${port}` };
  if (await answersSocks(port)) return result;
  const child = spawn(join(step.root, "sitewright"), ["step", "serve-tunnel"], {
    cwd: step.root,
    env: { ...step.env, [REQUEST_VARIABLE]: JSON.stringify(step.request) },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  const keep = (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-4000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.on("error", (error) => keep(Buffer.from(error.message)));
  child.stdin.on("error", () => {});
  child.stdin.end(JSON.stringify(step.secrets));
  const deadline = Date.now() + START_SECONDS * 1000;
  while (!said.includes(READY)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill();
      throw new RunError(`the tunnel to ${site} does not open: ${said.trim()}`, {
        exitCode: exitCodes.remote,
        nextStep: `check that the jump host is reachable, and that port ${port} of this machine is free`,
      });
    }
    await sleep(50);
  }
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  return result;
}

/** The tunnel's process: serves until nobody has used it for a while. */
export async function serveTunnel(step: StepContext): Promise<unknown> {
  const target = step.bastionTarget();
  if (!target) {
    throw new RunError(`${step.request.site} has no bastion, so it needs no tunnel`, {
      exitCode: exitCodes.usage,
    });
  }
  // Nobody listens once the tunnel is open.
  const session = new Session(target, { say: () => {}, patienceSeconds: 60 });
  await session.connection();
  const open = await openSocksTunnel(
    async (address, port) => (await session.connection()).forward(address, port),
    tunnelPort(step.request.site),
  );
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  process.stdout.write(`${READY}\n`);
  while (open.idleSeconds() < IDLE_SECONDS) await sleep(5000);
  await open.close();
  session.close();
  return { closed: target.name };
}
