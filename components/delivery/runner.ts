import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { RunnerBlueprint } from "../../site/platform/delivery-types";
import { installChart } from "../support/chart";
import { NamespaceRules } from "../tenancy/namespace-rules";
import { jobAccount, jobWatch, runnerCertificates, runnerToken } from "./resources";
import { runnerValues } from "./values";

export interface RunnerArgs {
  readonly runner: RunnerBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/** A GitLab runner of one workspace: it starts jobs in its own namespace, and they look at the workspace's. */
export class Runner extends pulumi.ComponentResource {
  static readonly type = "sitewright:delivery:Runner";

  constructor(name: string, args: RunnerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Runner.type, name, {}, opts);
    const { runner } = args;
    const child = { parent: this };

    const rules = new NamespaceRules(`${name}-rules`, { namespace: runner.namespace }, child);
    const account = new k8s.core.v1.ServiceAccount(`${name}-account`, jobAccount(runner), child);
    for (const namespace of runner.watched) {
      new k8s.rbac.v1.RoleBinding(`${name}-${namespace}-binding`, jobWatch(namespace, runner), {
        ...child,
        dependsOn: account,
      });
    }
    const token = pulumi
      .secret(args.secrets)
      .apply((all) => (all[runner.tokenSecret] ?? "").trim());
    const before: pulumi.Resource[] = [
      rules,
      account,
      new k8s.core.v1.Secret(`${name}-token`, runnerToken(runner, token), child),
    ];
    const certificates = runnerCertificates(runner);
    if (certificates !== undefined) {
      before.push(new k8s.core.v1.Secret(`${name}-certificates`, certificates, child));
    }
    installChart(
      `${name}-gitlab-runner`,
      { chart: runner.chart, values: runnerValues(runner) },
      { ...child, dependsOn: before },
    );
    this.registerOutputs({});
  }
}
