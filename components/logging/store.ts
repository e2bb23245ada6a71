import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { LogStoreBlueprint } from "../../site/platform/logging-types";
import { certificate } from "../certificates/resources";
import { pageObjects } from "../ingress/resources";
import { kubernetesObject } from "../support/kubernetes-object";
import { shortHash } from "../support/short-hash";
import type { StorePasswords } from "./secrets";
import { passwordsSecret } from "./store-common";
import { cleaning, setupJob, storeConfigMap } from "./store-jobs";
import { pagesDeployment } from "./store-pages";
import { storeBudget, storeServices, storeSet } from "./store-resources";
import { storeFiles } from "./store-script";

export interface LogStoreArgs {
  readonly namespace: string;
  readonly store: LogStoreBlueprint;
  readonly passwords: StorePasswords;
}

/** Elasticsearch and Kibana of the site's own: servers, users, what is kept for how long, and pages. */
export class LogStore extends pulumi.ComponentResource {
  static readonly type = "sitewright:logging:LogStore";

  constructor(name: string, args: LogStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super(LogStore.type, name, {}, opts);
    const { namespace, store, passwords } = args;
    const child = { parent: this };
    const services = storeServices(args);
    const before: pulumi.Resource[] = [
      new k8s.core.v1.Secret(
        `${name}-passwords`,
        { metadata: { name: passwordsSecret, namespace }, stringData: { ...passwords } },
        child,
      ),
      new k8s.core.v1.Service(`${name}-nodes-service`, services.nodes, child),
    ];
    if (store.certificate !== undefined) {
      before.push(
        new k8s.apiextensions.CustomResource(
          `${name}-certificate`,
          certificate(store.certificate),
          child,
        ),
      );
    }
    const servers = new k8s.apps.v1.StatefulSet(`${name}-servers`, storeSet(args), {
      ...child,
      dependsOn: before,
      customTimeouts: { create: "20m", update: "30m" },
    });
    // Waited for until it leads somewhere, so it comes behind them.
    const service = new k8s.core.v1.Service(`${name}-service`, services.service, {
      ...child,
      dependsOn: servers,
    });
    const budget = storeBudget(args);
    if (budget !== undefined) {
      new k8s.policy.v1.PodDisruptionBudget(`${name}-disruption-budget`, budget, child);
    }
    const scripts = new k8s.core.v1.ConfigMap(`${name}-scripts`, storeConfigMap(args), child);
    const job = setupJob(args, hashOf(store));
    const setup = new k8s.batch.v1.Job(`${name}-setup`, job, {
      ...child,
      dependsOn: [service, scripts],
      customTimeouts: { create: "16m" },
    });
    new k8s.batch.v1.CronJob(`${name}-clean`, cleaning(args), { ...child, dependsOn: setup });
    const pages = new k8s.apps.v1.Deployment(`${name}-pages`, pagesDeployment(args), {
      ...child,
      dependsOn: setup,
      customTimeouts: { create: "15m" },
    });
    new k8s.core.v1.Service(`${name}-pages-service`, services.pages, {
      ...child,
      dependsOn: pages,
    });
    for (const { noun, object } of pageObjects(namespace, store)) {
      kubernetesObject(`${name}-${noun}`, object, { ...child, dependsOn: pages });
    }
    this.registerOutputs({});
  }
}

/** A Job cannot be changed: what it sends changes its name in this. */
function hashOf(store: LogStoreBlueprint): string {
  return shortHash(JSON.stringify(storeFiles(store)));
}
