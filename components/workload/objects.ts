import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { routeObjects } from "../ingress/resources";
import { plainPorts } from "../mesh/members";
import type { KubernetesObject } from "../support/kubernetes-object";
import { configMap, disruptionBudget, podsObject } from "./manifests";
import { headlessService, service } from "./services";

/** One of the objects that make up a workload. */
export interface WorkloadObject {
  /** What it is to the workload: ends the resource's name. */
  readonly noun: string;
  readonly object: KubernetesObject;
  /** Nouns of objects that must be there first. */
  readonly after?: readonly string[];
}

/**
 * Everything that Kubernetes has to know of a workload, each object behind those that it needs. The one list that
 * deployments, comparisons of releases and configuration repositories are made from.
 */
export function workloadObjects(workload: WorkloadBlueprint): readonly WorkloadObject[] {
  const { kind } = workload;
  const first: readonly WorkloadObject[] = [
    ...present("config", configMap(workload)),
    ...(kind === "StatefulSet" ? present("headless-service", headlessService(workload)) : []),
  ];
  return [
    ...first,
    // Pods read their environment when they start.
    {
      noun: podsNoun[kind],
      object: podsObject(workload),
      after: first.map(({ noun }) => noun).filter((noun) => noun !== "headless-service"),
    },
    ...present("service", service(workload)),
    ...present("disruption-budget", disruptionBudget(workload)),
    ...present("plain-ports", plainPorts(workload)),
    ...routeObjects(workload),
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
