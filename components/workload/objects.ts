import { tokenVariable } from "../../site/platform/config-centre-place";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { routeObjects } from "../ingress/resources";
import { shipperObjects, shipperSecrets } from "../logging/shipper";
import { plainPorts } from "../mesh/members";
import { canaryObjects, filterObjects, trafficObjects } from "../mesh/traffic-objects";
import { workloadMonitor } from "../monitoring/monitors";
import type { KubernetesObject } from "../support/kubernetes-object";
import { centreEntries, centreJob, centreToken, keepsEntries } from "./centre";
import { configMap, filesMap } from "./config";
import { disruptionBudget, podsObject, serviceAccount } from "./manifests";
import { secretObject, secretsRead } from "./secret-object";
import { headlessService, nodePortsService, service } from "./services";
import { ownClaims } from "./volumes";

/** One of the objects that make up a workload. */
export interface WorkloadObject {
  /** What it is to the workload: ends the resource's name. */
  readonly noun: string;
  readonly object: KubernetesObject;
  /** Nouns of objects that must be there first. */
  readonly after?: readonly string[];
  /** Seconds to wait until it is there or gone. Default: Pulumi's own. */
  readonly patienceSeconds?: number;
  /** Whether it stays when the workload goes, because data would go with it. */
  readonly keep?: boolean;
  /** Of a Secret: the release's secrets that it holds, by name. Their values stand in no object of this list. */
  readonly holds?: readonly string[];
  /** Whether no repository makes it, whoever makes the workload: its end is waited for before the workload is touched. */
  readonly deployments?: boolean;
  /** Of what starts Pods: secrets of the release with whose values its Pods start anew. */
  readonly restartsWith?: readonly string[];
}

/**
 * Whether an object stays the deployment's where Argo CD makes the workload: secrets, whose values are in no repository,
 * what holds data, which no commit should be able to delete, and what goes into the config centre.
 */
export function isDeployments({
  holds,
  keep = false,
  deployments = false,
}: WorkloadObject): boolean {
  return holds !== undefined || keep || deployments;
}

/**
 * Everything that Kubernetes has to know of a workload, each object behind those that it needs. The one list that
 * deployments, comparisons of releases and configuration repositories are made from.
 */
export function workloadObjects(workload: WorkloadBlueprint): readonly WorkloadObject[] {
  const { kind, patienceSeconds } = workload;
  const secrets = secretsRead(workload);
  const first: readonly WorkloadObject[] = [
    ...present("config", configMap(workload)),
    ...present("files", filesMap(workload)),
    ...present("secrets", secretObject(workload)).map((one) => ({ ...one, holds: secrets })),
    ...ownClaims(workload).map((one) => ({ ...one, keep: true })),
    ...present("service-account", serviceAccount(workload)),
    ...(kind === "StatefulSet" ? present("headless-service", headlessService(workload)) : []),
    ...filterObjects(workload),
    ...centreObjects(workload),
    ...shipperObjects(workload),
  ];
  const read = [
    ...secrets,
    ...(keepsEntries(workload) ? [tokenVariable] : []),
    ...shipperSecrets(workload),
  ];
  const restarts = read.length > 0 ? { restartsWith: read } : {};
  const podsAfter = first.map(({ noun }) => noun).filter((noun) => noun !== "headless-service");
  return [
    ...first,
    // Pods read their environment when they start.
    {
      noun: podsNoun[kind],
      object: podsObject(workload),
      // Runs to come read secrets anew, and a run that is done is not done again because a password changed.
      ...(kind !== "Job" && kind !== "CronJob" && restarts),
      after: podsAfter,
      patienceSeconds,
    },
    ...canaryObjects(workload, podsAfter).map((one) => ({ ...one, ...restarts, patienceSeconds })),
    ...present("service", service(workload)),
    ...present("node-ports-service", nodePortsService(workload)),
    ...present("disruption-budget", disruptionBudget(workload)),
    ...present("plain-ports", plainPorts(workload)),
    ...present("monitor", workloadMonitor(workload)),
    ...trafficObjects(workload),
    ...routeObjects(workload),
  ];
}

/** Entries get into the config centre before the workload looks for them. */
function centreObjects(workload: WorkloadBlueprint): readonly WorkloadObject[] {
  if (!keepsEntries(workload)) return [];
  return [
    { noun: "centre-entries", object: centreEntries(workload), deployments: true },
    { noun: "centre-token", object: centreToken(workload), holds: [tokenVariable] },
    {
      noun: "centre-import",
      object: centreJob(workload),
      after: ["centre-entries", "centre-token"],
      // Another token may well be that of another Consul, which is empty.
      restartsWith: [tokenVariable],
      deployments: true,
    },
  ];
}

const podsNoun: Readonly<Record<WorkloadBlueprint["kind"], string>> = {
  Deployment: "deployment",
  StatefulSet: "stateful-set",
  DaemonSet: "daemon-set",
  Job: "job",
  CronJob: "cron-job",
};

function present(noun: string, object: KubernetesObject | undefined): readonly WorkloadObject[] {
  return object === undefined ? [] : [{ noun, object }];
}
