import * as pulumi from "@pulumi/pulumi";
import type { MonitoringBlueprint } from "../../site/platform/monitoring-types";

export interface MonitoringArgs {
  readonly monitoring: MonitoringBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/** Figures of hosts, platform and workloads, rules over them and their pages: Prometheus, Alertmanager and Grafana. */
export class Monitoring extends pulumi.ComponentResource {
  static readonly type = "sitewright:monitoring:Monitoring";

  constructor(name: string, _args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Monitoring.type, name, {}, opts);
    this.registerOutputs({});
  }
}
