import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { CurrentCluster, CurrentNode } from "../../components/cluster/kubekey/plan-runs";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { readInstallerFile } from "./kk";
import type { StepContext } from "./step-context";

const ADMIN_CONF = "/etc/kubernetes/admin.conf";

/** Pauses between the tries of asking an API server that may be starting. */
const PAUSES_SECONDS: readonly number[] = [1, 2, 4, 8, 8];

const nodeList = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({
        name: z.string(),
        labels: z.record(z.string(), z.string()).optional(),
      }),
      status: z.looseObject({
        nodeInfo: z.looseObject({ kubeletVersion: z.string() }),
        conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).optional(),
      }),
    }),
  ),
});

/** Looks at the site: admin.conf on every control plane, nodes from one that has it, the last success. */
export async function detect(step: StepContext): Promise<CurrentCluster> {
  const { controlPlane } = step.need("cluster").groups;
  const adminConf = Object.fromEntries(
    await Promise.all(controlPlane.map(async (name) => [name, await hasAdminConf(step, name)])),
  ) as Record<string, boolean>;
  const last = await readApplied(step);
  const from = controlPlane.find((name) => adminConf[name]);
  const nodes = from === undefined ? undefined : await askPatiently(step, from);
  return { adminConf, ...last, ...(nodes && { nodes }) };
}

async function hasAdminConf(step: StepContext, name: string): Promise<boolean> {
  const said = await step.session(name).steadily((connection) =>
    connection.run("look for admin.conf", `[ -s ${ADMIN_CONF} ] && echo yes || echo no`, {
      sudo: true,
    }),
  );
  return said.trim() === "yes";
}

/** The cluster's nodes as one control plane reports them, or why its API server does not tell. */
export async function askNodes(
  step: StepContext,
  from: string,
): Promise<{ readonly nodes: readonly CurrentNode[] } | { readonly silent: string }> {
  const result = await step.session(from).steadily((connection) =>
    connection.exec(
      // sudo's own path often lacks /usr/local/bin, where kk puts kubectl.
      `PATH="$PATH:/usr/local/bin" kubectl --kubeconfig ${ADMIN_CONF} --request-timeout=15s get nodes -o json`,
      { sudo: true },
    ),
  );
  if (result.code === 0) return { nodes: parseNodes(result.stdout) };
  return { silent: (result.stderr.trim().split("\n").at(-1) ?? "").slice(0, 200) };
}

async function askPatiently(
  step: StepContext,
  from: string,
): Promise<readonly CurrentNode[] | undefined> {
  for (const pause of [...PAUSES_SECONDS, undefined]) {
    const answer = await askNodes(step, from);
    if ("nodes" in answer) return answer.nodes;
    step.say(`${from}: the API server does not answer (${answer.silent})`);
    if (pause !== undefined) await sleep(pause * 1000);
  }
  return undefined;
}

/** Reads what `kubectl get nodes -o json` prints. */
export function parseNodes(text: string): readonly CurrentNode[] {
  return nodeList.parse(JSON.parse(text)).items.map(({ metadata, status }) => {
    const labels = metadata.labels ?? {};
    return {
      name: metadata.name,
      kubelet: status.nodeInfo.kubeletVersion,
      ready: (status.conditions ?? []).some((c) => c.type === "Ready" && c.status === "True"),
      controlPlane:
        "node-role.kubernetes.io/control-plane" in labels ||
        "node-role.kubernetes.io/master" in labels,
    };
  });
}

/** Path of the note that names the nodes of the last success. */
export function appliedNote(workDir: string): string {
  return `${workDir}/applied.json`;
}

const note = z.looseObject({
  nodes: z.array(z.string()),
  settings: z.record(z.string(), z.string()).default({}),
});

async function readApplied(
  step: StepContext,
): Promise<Pick<CurrentCluster, "applied" | "settings">> {
  const path = appliedNote(step.request.workDir);
  const text = await readInstallerFile(step, path);
  if (text === undefined) return { applied: [], settings: {} };
  try {
    const { nodes, settings } = note.parse(JSON.parse(text));
    return { applied: nodes, settings };
  } catch {
    throw new RunError(`${step.request.installer} has a ${path} that cannot be read`, {
      exitCode: exitCodes.remote,
      nextStep: `restore it from a backup; its form is {"nodes":["name",…]}, the nodes of the cluster as it is`,
    });
  }
}
