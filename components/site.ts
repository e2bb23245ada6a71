import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Blueprint } from "../site/blueprint-types";
import type { PagesWithLogin } from "../site/outputs";
import { tokenVariable } from "../site/platform/config-centre-place";
import type { NotUndone } from "../site/release/rollback";
import { Cluster } from "./cluster/cluster";
import { CentreSecrets } from "./config-centre/centre-secrets";
import { ControlPlaneAddress } from "./edge/control-plane-address";
import { Edge } from "./edge/edge";
import { Hosts } from "./hosts/hosts";
import { LoggingSecrets } from "./logging/secrets";
import { MonitoringSecrets } from "./monitoring/secrets";
import { NightingaleSecrets } from "./nightingale/nightingale-secrets";
import { NodeSettings } from "./node/node-settings";
import { objectChanges } from "./object-changes";
import { Platform } from "./platform";
import { Registry } from "./registry/registry";
import { noticeRollback } from "./rollback-notice";
import "./support/light-promises";
import { Product } from "./workload/product";
import { SecretValues } from "./workload/secret-values";

export interface SiteArgs {
  readonly blueprint: Blueprint;
  /** Pinned host keys by host name (and `bastion`), as authorized-keys lines. */
  readonly hostKeys: Readonly<Record<string, readonly string[]>>;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
  /** What going back from another release does not undo. */
  readonly notUndoneFrom: (release: string) => readonly NotUndone[];
  /** What SITEWRIGHT_DESTROY says in this run. */
  readonly destroyWord?: string | undefined;
}

/** One customer site, from hosts that only answer SSH to running workloads. */
export class Site extends pulumi.ComponentResource {
  static readonly type = "sitewright:site:Site";
  /** Kubeconfig for the operator's machine; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Passwords of the registry's robots by their names in the site; a secret. */
  readonly robots: pulumi.Output<Record<string, string>>;
  /** Who makes the workloads of each of the product's namespaces. */
  readonly owners: Product["owners"];
  /** Passwords of the platform's pages, each a secret; undefined for those that the site does not have. */
  readonly passwords: Readonly<Record<PagesWithLogin, pulumi.Output<string> | undefined>>;

  constructor(name: string, args: SiteArgs, opts?: pulumi.ComponentResourceOptions) {
    const { blueprint, hostKeys } = args;
    super(Site.type, name, {}, opts);
    const secrets = pulumi.secret(args.secrets);
    const { site, release } = blueprint;
    // Nothing waits for it; if it fails, so does the run, like any promise that nobody caught.
    void noticeRollback({ site, release, notUndoneFrom: args.notUndoneFrom }, this);
    const access = { hosts: blueprint.hosts, bastion: blueprint.bastion, hostKeys, secrets };

    const hosts = new Hosts(
      `${name}-hosts`,
      { ...access, site: blueprint.site, baseline: blueprint.baseline },
      { parent: this },
    );
    const registry = new Registry(
      `${name}-registry`,
      { blueprint, hostKeys, secrets },
      { parent: this, dependsOn: hosts },
    );
    const { controlPlaneAddress: keepalived } = blueprint;
    const beforeCluster: pulumi.Resource[] = [registry];
    if (keepalived !== undefined) {
      beforeCluster.push(
        new ControlPlaneAddress(
          `${name}-control-plane-address`,
          { ...access, site: blueprint.site, keepalived },
          { parent: this, dependsOn: hosts },
        ),
      );
    }
    const cluster = new Cluster(
      `${name}-cluster`,
      { blueprint, hostKeys, secrets, registryPassword: registry.password },
      { parent: this, dependsOn: beforeCluster },
    );
    if (blueprint.edge !== undefined) {
      const { edge } = blueprint;
      new Edge(
        `${name}-edge`,
        { ...access, site: blueprint.site, edge },
        { parent: this, dependsOn: cluster },
      );
    }

    const provider = new k8s.Provider(
      `${name}-kubernetes`,
      {
        kubeconfig: cluster.kubeconfig,
        // A renewed certificate or another way in is the same cluster: never a reason to replace what runs in it.
        clusterIdentifier: `${blueprint.site}/${blueprint.cluster.name}`,
        enableServerSideApply: true,
        enableConfigMapMutable: true,
        enableSecretMutable: true,
        // After a killed run the cluster may hold more than the state knows; adopt instead of failing.
        upsertExistingObjects: true,
        // What somebody changed by hand is shown by a refresh and put back, not refused as a conflict.
        enablePatchForce: true,
        kubeClientSettings: { qps: blueprint.client.qps, burst: blueprint.client.burst },
      },
      { parent: this },
    );
    const changes = [objectChanges(blueprint)];
    const providers = { kubernetes: provider };
    const inCluster = { parent: this, providers, transforms: changes };

    const nodes = new NodeSettings(`${name}-nodes`, { hosts: blueprint.hosts }, inCluster);
    const { configCentre: centre } = blueprint.platform;
    const centreSecrets =
      centre &&
      new CentreSecrets(`${name}-config-centre-secrets`, { centre, secrets }, { parent: this });
    const { logging } = blueprint.platform;
    const loggingSecrets =
      logging &&
      new LoggingSecrets(`${name}-logging-secrets`, { logging, secrets }, { parent: this });
    const monitoringSecrets =
      blueprint.platform.monitoring &&
      new MonitoringSecrets(`${name}-monitoring-secrets`, { parent: this });
    const { nightingale } = blueprint.platform;
    const nightingaleSecrets =
      nightingale &&
      new NightingaleSecrets(
        `${name}-nightingale-secrets`,
        { nightingale, secrets },
        { parent: this },
      );
    const platform = new Platform(
      `${name}-platform`,
      {
        platform: blueprint.platform,
        blueprint,
        hostKeys,
        secrets,
        centreSecrets,
        loggingSecrets,
        monitoringSecrets,
        nightingaleSecrets,
        eraseData: mayErase(blueprint, args.destroyWord),
      },
      { ...inCluster, dependsOn: nodes },
    );
    const { productSecrets: wanted } = blueprint;
    const values =
      wanted.length === 0 && centreSecrets === undefined && loggingSecrets === undefined
        ? undefined
        : new SecretValues(
            `${name}-secret-values`,
            {
              wanted,
              secrets,
              further: {
                ...(centreSecrets && { [tokenVariable]: centreSecrets.token }),
                ...loggingSecrets?.values,
              },
            },
            { parent: this },
          );
    const product = new Product(
      `${name}-product`,
      {
        namespaces: blueprint.namespaces,
        workloads: blueprint.workloads,
        sharedVolumes: blueprint.sharedVolumes,
        secrets: values,
        rules: blueprint.platform.tenancy?.product.namespaces ?? [],
      },
      // The bulk of the objects, none of them a chart's.
      { parent: this, providers, transformations: changes, dependsOn: platform },
    );

    this.kubeconfig = cluster.kubeconfig;
    this.owners = product.owners;
    this.passwords = {
      "argo-cd": platform.deliveryPassword,
      grafana: monitoringSecrets?.grafanaPassword,
      kibana: loggingSecrets?.store?.administrator,
      nightingale: nightingaleSecrets?.rootPassword,
    };
    this.robots = pulumi.secret(pulumi.all(registry.robotPasswords));
    this.registerOutputs({ kubeconfig: this.kubeconfig, robots: this.robots });
  }
}

/** Data is erased only when the site file says so by its own name, and so does the environment of this very run. */
function mayErase({ site, platform }: Blueprint, destroyWord: string | undefined): boolean {
  return platform.storage?.ceph?.erasable === true && destroyWord === site;
}
