import { join } from "node:path";
import {
  type EngineEvent,
  LocalWorkspace,
  PulumiCommand,
  type Stack,
} from "@pulumi/pulumi/automation";
import { EngineEventReporter } from "./engine-events";
import { requireNoEngine } from "./engines";
import { forgetPendingOperations } from "./pending-operations";
import { liftProtection } from "./protection";
import type { Report } from "./report";

/** What the process inside the rehearsal needs to drive Pulumi there. */
export interface DeployRequest {
  readonly operation: "up" | "destroy";
  readonly site: string;
  /** The checkout: where Pulumi.yaml and the site's stack file are. */
  readonly projectDir: string;
  /** Folder whose `bin/` holds pulumi and the language host. */
  readonly toolsDir: string;
  readonly pulumiHome: string;
  /** Folders of policy packs that an `up` is judged by. */
  readonly policyPacks: readonly string[];
  /** Environment of the engine: backend, passphrase, plugin settings. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Checkpoints are left out only for what the cluster itself remembers: with a fixed field manager and upsert a
 * killed run loses nothing by it, and time grows with the number of objects instead of with its square.
 */
const WITHOUT_CHECKPOINTS = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** Components that make all that lives in the cluster. */
const IN_CLUSTER = [
  "sitewright:node:NodeSettings",
  "sitewright:platform:Platform",
  "sitewright:workload:Product",
];

/** Runs one operation on the rehearsal's stack and reports on the way; resolves to true on success. */
export async function deploy(
  request: DeployRequest,
  emit: (report: Report) => void,
): Promise<boolean> {
  const reporter = new EngineEventReporter(emit);
  const onEvent = reporter.take.bind(reporter);
  const started = Date.now();
  try {
    await requireNoEngine(join(request.toolsDir, "bin", "pulumi"));
    const base = await select(request, {});
    const stop = () => void base.cancel().catch(() => undefined);
    process.once("SIGINT", stop).once("SIGTERM", stop);
    await base.cancel().catch(() => undefined); // a killed run leaves its lock; no engine lives
    await forgetPendingOperations(base);
    let changes: Readonly<Record<string, number>> = {};
    if (request.operation === "destroy") {
      await liftProtection(base);
      // The hosts end right after, and the state with them: nothing is left to be remembered.
      const result = await (await select(request, WITHOUT_CHECKPOINTS)).destroy({ onEvent });
      changes = result.summary.resourceChanges ?? {};
    } else {
      const policyPacks = [...request.policyPacks];
      changes = (await knowsCluster(base))
        ? ((await base.up({ onEvent, policyPacks })).summary.resourceChanges ?? {})
        : await upFromNothing(request, base, onEvent);
    }
    const outputs: Record<string, unknown> = {};
    for (const [name, output] of Object.entries(await base.outputs())) outputs[name] = output.value;
    emit({ kind: "finished", changes, seconds: (Date.now() - started) / 1000, outputs });
    return true;
  } catch (fault) {
    emit({ kind: "failed", message: fault instanceof Error ? fault.message : String(fault) });
    return false;
  }
}

/** Whether the stack has anything in the cluster already. */
async function knowsCluster(stack: Stack): Promise<boolean> {
  const { deployment } = await stack.exportStack();
  const resources: readonly { readonly urn: string }[] = deployment?.resources ?? [];
  return resources.some(({ urn }) => IN_CLUSTER.some((type) => urn.includes(type)));
}

/**
 * First what cannot be rebuilt (random values, commands that ran), each step recorded as it ends; then the many objects
 * of the cluster. Only while none of these is in the state: the engine puts one that it leaves out before what it depended
 * on when that is gone from the program, and then refuses its own state.
 */
async function upFromNothing(
  request: DeployRequest,
  base: Stack,
  onEvent: (event: EngineEvent) => void,
): Promise<Readonly<Record<string, number>>> {
  const exclude = IN_CLUSTER.map((type) => `**${type}**`);
  const policyPacks = [...request.policyPacks];
  const first = await base.up({ onEvent, exclude, excludeDependents: true, policyPacks });
  const rest = await (await select(request, WITHOUT_CHECKPOINTS)).up({ onEvent, policyPacks });
  return sum(first.summary.resourceChanges ?? {}, rest.summary.resourceChanges ?? {});
}

async function select(request: DeployRequest, more: Record<string, string>): Promise<Stack> {
  return LocalWorkspace.createOrSelectStack(
    { stackName: request.site, workDir: request.projectDir },
    {
      pulumiHome: request.pulumiHome,
      pulumiCommand: await PulumiCommand.get({ root: request.toolsDir }),
      envVars: { ...request.env, ...more },
    },
  );
}

/** Adds change counts; an unchanged resource of the first part is unchanged, or counted, in the second again. */
function sum(first: Readonly<Record<string, number>>, rest: Readonly<Record<string, number>>) {
  const total: Record<string, number> = { ...rest };
  for (const [op, count] of Object.entries(first)) {
    if (op === "same") continue;
    total[op] = (total[op] ?? 0) + count;
    if (op !== "delete") total.same = Math.max(0, (total.same ?? 0) - count);
  }
  return total;
}
