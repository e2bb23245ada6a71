import { resolve } from "node:path";
import { Command } from "commander";
import type { StepName } from "../../components/support/step-request";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { cluster } from "./cluster";
import { configure } from "./configure";
import { definitions } from "./definitions";
import { harbor } from "./harbor/harbor-step";
import { kubeconfig } from "./kubeconfig";
import { nightingale } from "./nightingale/nightingale-step";
import { deleteCluster, renewCertificates } from "./other-steps";
import { prepare } from "./prepare";
import { initRegistry, pushImages, trustRegistry } from "./registry-steps";
import { StepContext } from "./step-context";
import { readRequest, readSecrets } from "./step-input";
import { storageReady } from "./storage/ready";
import { storageUpgrade } from "./storage/upgrade";
import { transfer } from "./transfer";
import { serveTunnel, tunnel } from "./tunnel";

/** A text is printed as it is, everything else as JSON. */
type Step = (step: StepContext) => Promise<unknown>;

const STEPS: Readonly<Record<StepName, Step>> = {
  prepare,
  transfer,
  configure,
  "init-registry": initRegistry,
  harbor,
  "push-images": pushImages,
  "trust-registry": trustRegistry,
  cluster,
  "renew-certificates": renewCertificates,
  kubeconfig,
  definitions,
  "storage-upgrade": storageUpgrade,
  "storage-ready": storageReady,
  nightingale,
  "delete-cluster": deleteCluster,
  tunnel,
  "serve-tunnel": serveTunnel,
};

export interface StepIo {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: AsyncIterable<Buffer | string>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Folder of the project. */
  readonly root: string;
}

/** Runs one step; returns the exit code. Progress goes to stderr, the result alone to stdout. */
export async function runStep(name: string, io: StepIo): Promise<number> {
  let step: StepContext | undefined;
  try {
    const run = Object.hasOwn(STEPS, name) ? STEPS[name as StepName] : undefined;
    if (!run) {
      throw new RunError(`there is no step "${name}"`, {
        exitCode: exitCodes.usage,
        nextStep: `steps are: ${Object.keys(STEPS).join(", ")}`,
      });
    }
    const request = readRequest(io.env);
    const secrets = await readSecrets(io.stdin);
    const say = (line: string) => io.stderr(`${line}\n`);
    step = new StepContext({ request, secrets, say, env: io.env, root: io.root });
    const result = await run(step);
    io.stdout(typeof result === "string" ? result : `${JSON.stringify(result)}\n`);
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof RunError) {
      io.stderr(`${error.message}\n`);
      return error.exitCode;
    }
    io.stderr(`unexpected fault in step ${name}: ${(error as Error).stack ?? String(error)}\n`);
    return exitCodes.unexpected;
  } finally {
    step?.close();
  }
}

/** `./sitewright step <name>`: one remote step of a deployment. Not for people; Pulumi's resources call it. */
export function stepCommand(): Command {
  return new Command("step")
    .description("one remote step of a deployment (called by pulumi up)")
    .argument("<name>", "the step")
    .action(async (name: string) => {
      const code = await runStep(name, {
        env: process.env,
        stdin: process.stdin,
        stdout: (text) => process.stdout.write(text),
        stderr: (text) => process.stderr.write(text),
        root: resolve(__dirname, "../.."),
      });
      // An idle socket must not keep a finished step alive; what was printed must still get out.
      process.exitCode = code;
      process.stdout.write("", () => process.exit(code));
    });
}
