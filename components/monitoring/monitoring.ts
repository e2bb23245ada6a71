import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { MonitoringBlueprint } from "../../site/platform/monitoring-types";
import { certificate } from "../certificates/resources";
import { pageObjects } from "../ingress/resources";
import { installChart } from "../support/chart";
import { kubernetesObject } from "../support/kubernetes-object";
import { stackSecret } from "../support/stack-secret";
import { networkPolicy } from "../tenancy/resources";
import { configFiles, configSecret, filesSecret, fileValues } from "./alertmanager";
import { proberConfigMap, proberDeployment, proberService, proberShows } from "./blackbox";
import { type Credentials, credentials } from "./credentials";
import { dashboardConfigMaps } from "./dashboards";
import { podMonitor } from "./monitors";
import { probe } from "./probes";
import { prometheusRule } from "./prometheus-rule";
import { scrapeConfig } from "./scrapes";
import { grafanaSecret, type MonitoringSecrets } from "./secrets";
import { stackValues } from "./values";

export interface MonitoringArgs {
  readonly monitoring: MonitoringBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
  readonly own: Pick<MonitoringSecrets, "grafanaPassword">;
  /** Both words that allow data to be erased were said. Default: they were not. */
  readonly erase?: boolean;
}

/** The operator says so once its Pods are there and as wanted. */
const running = ["condition=Available", "condition=Reconciled"];

/** Figures of hosts, platform and workloads, rules over them and their pages: Prometheus, Alertmanager and Grafana. */
export class Monitoring extends pulumi.ComponentResource {
  static readonly type = "sitewright:monitoring:Monitoring";

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Monitoring.type, name, {}, opts);
    const { monitoring, secrets, own, erase = false } = args;
    const { namespace } = monitoring;
    const child = { parent: this };

    const before: pulumi.Resource[] = [
      new k8s.core.v1.Secret(
        `${name}-grafana-secret`,
        {
          metadata: { name: grafanaSecret.name, namespace },
          stringData: {
            [grafanaSecret.keys.userKey]: "admin",
            [grafanaSecret.keys.passwordKey]: own.grafanaPassword,
          },
        },
        child,
      ),
      ...credentials(monitoring).map(
        (one) =>
          new k8s.core.v1.Secret(
            `${name}-${one.name}`,
            {
              metadata: { name: one.name, namespace },
              stringData: pulumi.secret(secrets).apply((all) => valuesOf(one, all)),
            },
            child,
          ),
      ),
      new k8s.networking.v1.NetworkPolicy(
        `${name}-policy`,
        networkPolicy(namespace, monitoring.policy),
        child,
      ),
    ];
    for (const one of dashboardConfigMaps(monitoring.dashboards)) {
      before.push(new k8s.core.v1.ConfigMap(`${name}-${one.metadata.name}`, one, child));
    }
    before.push(...this.notification(name, args));
    const stack = installChart(
      `${name}-stack`,
      {
        chart: monitoring.chart,
        values: stackValues(monitoring),
        waitFor: { Prometheus: running, Alertmanager: running },
        // Grafana's: what people made in it. The others' volumes stay when their Pods go.
        protects: erase ? [] : ["PersistentVolumeClaim"],
      },
      { ...child, dependsOn: before },
    );
    this.prober(name, args);
    this.objects(name, monitoring, stack);
    this.registerOutputs({});
  }

  /** What Alertmanager is configured by; nothing where nobody is told of anything. */
  private notification(
    name: string,
    { monitoring: { namespace, notification }, secrets }: MonitoringArgs,
  ): readonly pulumi.Resource[] {
    if (notification === undefined) return [];
    const child = { parent: this };
    return [
      new k8s.core.v1.Secret(
        `${name}-alertmanager-config`,
        {
          metadata: { name: configSecret, namespace },
          stringData: configFiles(notification),
        },
        child,
      ),
      new k8s.core.v1.Secret(
        `${name}-alertmanager-files`,
        {
          metadata: { name: filesSecret, namespace },
          stringData: pulumi.secret(secrets).apply((all) => fileValues(notification, all)),
        },
        child,
      ),
    ];
  }

  /** What asks for answers, and what it reads when it starts. */
  private prober(name: string, { monitoring }: MonitoringArgs): void {
    const { namespace, probing, authority } = monitoring;
    const child = { parent: this };
    const before: pulumi.Resource[] = [
      new k8s.core.v1.ConfigMap(
        `${name}-prober-config`,
        proberConfigMap(namespace, probing),
        child,
      ),
    ];
    if (authority !== undefined) {
      before.push(kubernetesObject(`${name}-authority`, certificate(authority), child));
    }
    new k8s.apps.v1.Deployment(
      `${name}-prober`,
      proberDeployment(namespace, probing, proberShows(monitoring)),
      { ...child, dependsOn: before },
    );
    new k8s.core.v1.Service(`${name}-prober-service`, proberService(namespace), child);
  }

  /** What Prometheus reads and asks, and the way to its pages. */
  private objects(name: string, monitoring: MonitoringBlueprint, stack: pulumi.Resource): void {
    const { namespace, monitors, scrapes, probing, rules, pages, redirect } = monitoring;
    const routes = pages.flatMap(({ name: page, route }) =>
      pageObjects(namespace, { route }).map(({ noun, object }) => ({
        noun: `${page}-${noun}`,
        object,
      })),
    );
    const all = [
      ...monitors.map((one) => ({
        noun: `${one.name}-monitor`,
        object: podMonitor(namespace, one),
      })),
      ...scrapes.map((one) => ({
        noun: `${one.name}-scrape`,
        object: scrapeConfig(namespace, one),
      })),
      ...probing.probes.map((one) => ({
        noun: `${one.name}-probe`,
        object: probe(namespace, one),
      })),
      ...rules.map((one) => ({
        noun: `${one.name}-rules`,
        object: prometheusRule(one, namespace),
      })),
      ...pageObjects(namespace, { redirect }),
      ...routes,
    ];
    for (const { noun, object } of all) {
      kubernetesObject(`${name}-${noun}`, object, { parent: this, dependsOn: stack });
    }
  }
}

function valuesOf(
  { entries }: Credentials,
  secrets: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => {
      if ("text" in value) return [key, value.text];
      const { secret } = value;
      return [key, stackSecret("monitoring needs the secret", secret, secrets[secret])];
    }),
  );
}
