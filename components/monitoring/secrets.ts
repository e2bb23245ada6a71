import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

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
    const { result } = new random.RandomPassword(
      `${name}-grafana-password`,
      { length: 32, special: false, minLower: 1, minUpper: 1, minNumeric: 1 },
      { parent: this },
    );
    this.grafanaPassword = pulumi.secret(result);
    this.registerOutputs({});
  }
}
