import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadBlueprint } from "../../site/blueprint-types";
import { Routes } from "../ingress/routes";
import { plainPorts } from "../mesh/members";
import {
  configMap,
  cronJob,
  deployment,
  disruptionBudget,
  headlessService,
  service,
  statefulSet,
} from "./manifests";

export interface WorkloadArgs {
  readonly workload: WorkloadBlueprint;
}

/** One workload of the release with all that belongs to it: environment, Services, disruption budget. */
export class Workload extends pulumi.ComponentResource {
  static readonly type = "sitewright:workload:Workload";

  constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Workload.type, name, {}, opts);
    const { workload } = args;
    const child = { parent: this };

    const config = configMap(workload);
    const dependsOn =
      config === undefined ? [] : [new k8s.core.v1.ConfigMap(`${name}-config`, config, child)];
    createPods(name, workload, { parent: this, dependsOn });

    const calls = service(workload);
    if (calls !== undefined) new k8s.core.v1.Service(`${name}-service`, calls, child);
    const budget = disruptionBudget(workload);
    if (budget !== undefined) {
      new k8s.policy.v1.PodDisruptionBudget(`${name}-disruption-budget`, budget, child);
    }
    const exception = plainPorts(workload);
    if (exception !== undefined) {
      new k8s.apiextensions.CustomResource(`${name}-plain-ports`, exception, child);
    }
    if (workload.routes !== undefined) new Routes(`${name}-routes`, { workload }, child);
    this.registerOutputs({});
  }
}

/** The object that starts Pods. They read the environment when they start, so it comes first. */
function createPods(name: string, workload: WorkloadBlueprint, opts: pulumi.CustomResourceOptions) {
  switch (workload.kind) {
    case "Deployment":
      return new k8s.apps.v1.Deployment(`${name}-deployment`, deployment(workload), opts);
    case "StatefulSet":
      new k8s.core.v1.Service(`${name}-headless-service`, headlessService(workload), opts);
      return new k8s.apps.v1.StatefulSet(`${name}-stateful-set`, statefulSet(workload), opts);
    case "CronJob":
      return new k8s.batch.v1.CronJob(`${name}-cron-job`, cronJob(workload), opts);
  }
}
