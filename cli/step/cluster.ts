import {
  appliedPath,
  type KubeKeyRun,
  type Unsupported,
} from "../../components/cluster/kubekey/driver";
import {
  isHalfMade,
  type PlannedRun,
  planRuns,
  type WantedCluster,
} from "../../components/cluster/kubekey/plan-runs";
import { runningRun, watchRun } from "../../ssh/detached-run";
import { quote } from "../../ssh/shell-quote";
import { writeFile } from "../../ssh/work-dir";
import { appliedNote, detect } from "./detect";
import { digest, filledFiles, runKubeKey } from "./kk";
import { waitReady } from "./node-readiness";
import type { StepContext } from "./step-context";

/** Leads the cluster from what is there to what the site wants: looks, plans, runs kk, looks again. */
export async function cluster(step: StepContext): Promise<unknown> {
  await waitForEarlierRun(step);
  let current = await detect(step);
  if (isHalfMade(current) && step.env.SITEWRIGHT_DESTROY === step.request.site) {
    step.say("SITEWRIGHT_DESTROY is set: deleting the half-made cluster");
    await noteConfig(step, "cp");
    await runKubeKey(step, step.driver.deleteCluster(step.place), [String(Date.now())]);
    current = await detect(step);
  }
  const wanted = wantedCluster(step);
  const runs = planRuns(current, wanted);
  if (runs.length === 0) step.say("the cluster is as the site wants it");
  const key = filledFiles(step, "cluster").map((file) => digest([file.content]));
  for (const planned of runs) {
    // Deletions work on the config of the last success, in which the node still stands.
    if (planned.kind !== "delete-node") await noteConfig(step, "pend");
    await runKubeKey(step, kubeKeyRun(step, planned), key);
    if (planned.kind !== "delete-node") await noteConfig(step, "apply");
  }
  await waitReady(step, wanted.controlPlane[0] ?? "", {
    names: wantedNames(wanted),
    kubernetes: wanted.kubernetes,
  });
  if (runs.length > 0 || current.applied.length === 0) await noteApplied(step, wanted);
  return { kubernetes: wanted.kubernetes, nodes: wantedNames(wanted) };
}

function wantedCluster(step: StepContext): WantedCluster {
  const { groups, kubernetes, ...rest } = step.need("cluster");
  return {
    site: step.request.site,
    kubernetes,
    controlPlane: groups.controlPlane,
    etcd: groups.etcd,
    worker: groups.worker,
    settings: {
      podCidr: rest.podCidr,
      serviceCidr: rest.serviceCidr,
      "endpoint.domain": rest.endpoint.domain,
      "endpoint.port": String(rest.endpoint.port),
      "endpoint.mode": rest.endpoint.mode,
      maxPods: String(rest.maxPods),
    },
    upgrade: step.driver.canUpgrade,
    kubekey: step.driver.version,
  };
}

function wantedNames(wanted: WantedCluster): string[] {
  return [...new Set([...wanted.controlPlane, ...wanted.worker])].sort();
}

function kubeKeyRun(step: StepContext, planned: PlannedRun): KubeKeyRun | Unsupported {
  const { driver, place } = step;
  switch (planned.kind) {
    case "create":
      return driver.createCluster(place);
    case "add-nodes":
      return driver.addNodes(place, step.view(), planned.names);
    case "delete-node":
      return driver.deleteNode(place, planned.name);
    case "upgrade":
      return driver.upgrade(place, planned.version);
  }
}

/** A run that an earlier call left behind is waited for first: what it is doing must not be looked at half-way. */
async function waitForEarlierRun(step: StepContext): Promise<void> {
  const name = await runningRun(step.installer, step.request.workDir);
  if (name === undefined) return;
  step.say(`an earlier run is still going on: ${name}; waiting for it`);
  await watchRun(step.installer, name, {
    workDir: step.request.workDir,
    secrets: step.secretValues,
    shows: (line) => step.driver.shows(line),
  });
}

/**
 * Keeps the config that a run works on: `pend` before it, `apply` after its success. A config rewritten meanwhile
 * is then never taken for one that was applied. `cp` makes one for a deletion where nothing was applied yet.
 */
async function noteConfig(step: StepContext, what: "pend" | "apply" | "cp"): Promise<void> {
  const { workDir } = step.request;
  const lines = step.driver.renderFiles("cluster", step.view()).map(({ path }) => {
    const own = quote(`${workDir}/${path}`);
    const pending = quote(`${workDir}/${path.replace(/\.yaml$/, ".pending.yaml")}`);
    const applied = quote(`${workDir}/${appliedPath(path)}`);
    return {
      pend: `cp -p ${own} ${pending}`,
      apply: `mv -f ${pending} ${applied}`,
      cp: `[ -e ${applied} ] || cp -p ${own} ${applied}`,
    }[what];
  });
  await step.installer.steadily((connection) =>
    connection.run("keep the config of the run", `set -e\numask 077\n${lines.join("\n")}`, {
      sudo: true,
    }),
  );
}

async function noteApplied(step: StepContext, wanted: WantedCluster): Promise<void> {
  const note = {
    kubernetes: wanted.kubernetes,
    nodes: wantedNames(wanted),
    settings: wanted.settings,
  };
  await step.installer.steadily((connection) =>
    writeFile(connection, appliedNote(step.request.workDir), `${JSON.stringify(note)}\n`, 0o600),
  );
}
