import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TracingBlueprint } from "../../site/platform/tracing-types";
import { pageObjects } from "../ingress/resources";
import { type KubernetesObject, kubernetesObject } from "../support/kubernetes-object";
import { networkPolicy } from "../tenancy/resources";
import { cleanerObject } from "./cleaner";
import { jaegerStart } from "./jaeger";
import { programObjects, type Start } from "./program";
import { skywalkingInit, skywalkingPagesStart, skywalkingStart } from "./skywalking";
import { storageSecretObject } from "./storage-secret";
import { zipkinStart } from "./zipkin";

export interface TracingArgs {
  readonly tracing: TracingBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/** Where traces of requests are kept and looked at. */
export class Tracing extends pulumi.ComponentResource {
  static readonly type = "sitewright:tracing:Tracing";

  constructor(name: string, args: TracingArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Tracing.type, name, {}, opts);
    const { tracing } = args;
    const { namespace, collector, pages, storage, cleaner } = tracing;
    const child = { parent: this };
    const make = (noun: string, object: KubernetesObject, dependsOn: pulumi.Resource[]) =>
      kubernetesObject(`${name}-${noun}`, object, { ...child, dependsOn });

    const before: pulumi.Resource[] = tracing.policies.map(
      (policy) =>
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${policy.name}-policy`,
          networkPolicy(namespace, policy),
          child,
        ),
    );
    if (storage.kind === "elasticsearch") {
      const secret = pulumi
        .secret(args.secrets)
        .apply((all) => storageSecretObject(namespace, storage, all));
      before.push(
        new k8s.core.v1.Secret(
          `${name}-storage`,
          { metadata: secret.metadata, data: secret.data },
          child,
        ),
      );
    }
    if (tracing.kind === "skywalking") before.push(make("init", skywalkingInit(tracing), before));
    const start = (program: TracingBlueprint["collector"], noun: string, how: Start) => {
      const earlier = [...before];
      for (const one of programObjects(tracing, program, how)) {
        earlier.push(make(`${noun}-${one.noun}`, one.object, [...earlier]));
      }
      return earlier;
    };
    const running = start(collector, "collector", collectorStart(tracing));
    if (pages !== undefined) start(pages, "pages", skywalkingPagesStart(tracing));
    if (cleaner !== undefined) make("cleaner", cleanerObject(tracing, cleaner), before);
    for (const { noun, object } of pageObjects(namespace, tracing)) make(noun, object, running);
    this.registerOutputs({});
  }
}

function collectorStart(tracing: TracingBlueprint): Start {
  switch (tracing.kind) {
    case "jaeger":
      return jaegerStart(tracing);
    case "zipkin":
      return zipkinStart(tracing);
    case "skywalking":
      return skywalkingStart(tracing, "no-init");
  }
}
