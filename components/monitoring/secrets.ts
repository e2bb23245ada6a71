import * as pulumi from "@pulumi/pulumi";
import { randomPassword } from "../support/random-password";

/** Where Grafana's administrator is kept. */
export const grafanaSecret = {
  name: "grafana-admin",
  keys: { userKey: "user", passwordKey: "password" },
};

/**
 * The password of Grafana's administrator. Apart from everything that lives in the cluster: a run that is killed there
 * must not lose it.
 */
export class MonitoringSecrets extends pulumi.ComponentResource {
  static readonly type = "sitewright:monitoring:MonitoringSecrets";
  /** A secret. */
  readonly grafanaPassword: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super(MonitoringSecrets.type, name, {}, opts);
    this.grafanaPassword = randomPassword(`${name}-grafana-password`, this);
    this.registerOutputs({});
  }
}
