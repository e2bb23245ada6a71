import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { KubeSphereBlueprint } from "../../site/platform/kubesphere-types";
import { chartPath } from "../support/chart";
import { randomPassword } from "../support/random-password";
import { limitRange } from "../tenancy/resources";
import { kubesphereValues, telemetryOff, telemetrySecret } from "./values";

export interface KubeSphereArgs {
  readonly kubesphere: KubeSphereBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/**
 * KubeSphere by Helm itself: its chart lives by hooks and by looking at what is there, which rendering alone leaves
 * out. Helm waits for its Deployments, takes a failed installation back, and undoes a failed upgrade.
 */
export class KubeSphere extends pulumi.ComponentResource {
  static readonly type = "sitewright:kubesphere:KubeSphere";

  constructor(name: string, args: KubeSphereArgs, opts?: pulumi.ComponentResourceOptions) {
    super(KubeSphere.type, name, {}, opts);
    const { kubesphere } = args;
    const { chart, adminPasswordSecret } = kubesphere;
    const child = { parent: this };

    const adminPassword =
      adminPasswordSecret === undefined
        ? randomPassword(`${name}-admin-password`, this, 24)
        : pulumi.secret(args.secrets).apply((all) => all[adminPasswordSecret] ?? "");
    // Left alone, the chart makes up another one with every rendering, and every session ends.
    const jwtSecret = new random.RandomPassword(
      `${name}-jwt-secret`,
      { length: 32, special: false },
      child,
    ).result;
    // Some of its Pods state no resources and have no value to state them by.
    const bounds = new k8s.core.v1.LimitRange(
      `${name}-limit-range`,
      limitRange({
        name: chart.namespace,
        containers: {
          defaultRequest: kubesphere.helperResources.requests,
          default: kubesphere.helperResources.limits,
          max: kubesphere.resources.limits,
        },
      }),
      child,
    );
    const release = new k8s.helm.v3.Release(
      `${name}-release`,
      {
        chart: chartPath(chart),
        name: chart.release,
        namespace: chart.namespace,
        values: kubesphereValues(kubesphere, { adminPassword, jwtSecret }),
        atomic: true,
        cleanupOnFail: true,
        timeout: kubesphere.timeoutSeconds,
        maxHistory: 5,
      },
      // Its uninstallation takes every definition with it, and with those all that was made in its console.
      { ...child, dependsOn: bounds, protect: true },
    );
    // The chart writes this setting itself, always as on, and keeps what it finds at the next upgrade.
    new k8s.core.v1.SecretPatch(
      `${name}-telemetry`,
      { metadata: { name: telemetrySecret, namespace: chart.namespace }, data: telemetryOff() },
      { ...child, dependsOn: release, retainOnDelete: true },
    );
    this.registerOutputs({});
  }
}
