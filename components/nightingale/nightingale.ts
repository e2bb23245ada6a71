import { local } from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { NightingaleBlueprint } from "../../site/platform/nightingale-types";
import { pageObjects } from "../ingress/resources";
import { kubernetesObject } from "../support/kubernetes-object";
import { shortHash } from "../support/short-hash";
import { apiPart, type StepSource, stepCommandArgs, stepRequest } from "../support/step-command";
import { networkPolicy } from "../tenancy/resources";
import { contentDigests, nightingaleConfiguration } from "./configuration/configuration";
import type { NightingaleSecrets } from "./nightingale-secrets";
import { authorities, serverConfig } from "./server-config";
import {
  authoritiesMap,
  configSecret,
  hasAuthorities,
  serverBudget,
  serverDeployment,
  serverService,
} from "./server-objects";
import { nightingaleSecretNames as names } from "./step-secrets";
import {
  databaseKeys,
  databaseSet,
  redisConfig,
  redisConfigKey,
  redisDeployment,
  storeService,
} from "./store-objects";

export interface NightingaleArgs {
  readonly nightingale: NightingaleBlueprint;
  readonly own: NightingaleSecrets;
  /** What the step that sets it up reaches the cluster by. */
  readonly source: StepSource;
}

/** Nightingale with its database, the way to its pages, and everything that it holds of the site. */
export class Nightingale extends pulumi.ComponentResource {
  static readonly type = "sitewright:nightingale:Nightingale";

  constructor(name: string, args: NightingaleArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Nightingale.type, name, {}, opts);
    const { nightingale, own } = args;
    const { namespace, policies } = nightingale;
    const before: pulumi.Resource[] = policies.map(
      (policy) =>
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${policy.name}-policy`,
          networkPolicy(namespace, policy),
          { parent: this },
        ),
    );
    before.push(...databaseResources(name, args, this, before));
    before.push(...redisResources(name, args, this, before));
    const server = serverResources(name, args, this, before);
    for (const { noun, object } of pageObjects(namespace, nightingale)) {
      kubernetesObject(`${name}-${noun}`, object, { parent: this });
    }
    const { site } = args.source.blueprint;
    const request = stepRequest(args.source, [apiPart(args.source.blueprint).from], {
      api: apiPart(args.source.blueprint),
      nightingale: {
        namespace,
        service: nightingale.server.name,
        port: nightingale.server.port,
        holds: contentDigests(nightingale.content),
      },
    });
    const configuration = pulumi
      .secret(args.source.secrets)
      .apply((all) =>
        JSON.stringify(
          nightingaleConfiguration(nightingale.content, (entry) => all[entry]?.trim() ?? ""),
        ),
      );
    new local.Command(
      `${name}-settings`,
      stepCommandArgs(args.source, {
        step: "nightingale",
        request: { ...request, site },
        extraSecrets: {
          [names.root]: own.passwords.root,
          [names.own]: own.passwords.own,
          [names.configuration]: configuration,
        },
      }),
      { parent: this, dependsOn: server },
    );
    this.registerOutputs({});
  }
}

type Make = (
  name: string,
  args: NightingaleArgs,
  parent: Nightingale,
  before: readonly pulumi.Resource[],
) => pulumi.Resource[];

const databaseResources: Make = (name, { nightingale, own }, parent, before) => {
  const { namespace, database } = nightingale;
  if (database.kind === "external") return [];
  const child = { parent, dependsOn: [...before] };
  const { password, root } = databaseKeys;
  const stringData = own.passwords.apply((all) => ({
    [password]: all.database,
    ...(database.engine === "mysql" && { [root]: all.databaseRoot }),
  }));
  const secret = secretOf(`${name}-database-secret`, namespace, database.pod.name, stringData, {
    parent,
  });
  const service = new k8s.core.v1.Service(
    `${name}-database-service`,
    storeService(namespace, database),
    child,
  );
  const pods = new k8s.apps.v1.StatefulSet(`${name}-database`, databaseSet(namespace, database), {
    ...child,
    dependsOn: [...before, secret, service],
  });
  return [secret, service, pods];
};

const redisResources: Make = (name, { nightingale, own }, parent, before) => {
  const { namespace, redis } = nightingale;
  if (redis.kind === "external") return [];
  const child = { parent, dependsOn: [...before] };
  const text = own.passwords.redis.apply((value) => redisConfig(redis, value));
  const stringData = { [redisConfigKey]: text };
  const secret = secretOf(`${name}-redis-secret`, namespace, redis.pod.name, stringData, {
    parent,
  });
  const service = new k8s.core.v1.Service(
    `${name}-redis-service`,
    storeService(namespace, redis),
    child,
  );
  const pods = new k8s.apps.v1.Deployment(`${name}-redis`, redisDeployment(namespace, redis), {
    ...child,
    dependsOn: [...before, secret, service],
  });
  return [secret, service, pods];
};

const serverResources: Make = (name, { nightingale, own }, parent, before) => {
  const { namespace } = nightingale;
  const text = own.passwords.apply((all) => serverConfig(nightingale, all));
  const after: pulumi.Resource[] = [
    ...before,
    secretOf(`${name}-config`, namespace, configSecret, { "config.toml": text }, { parent }),
  ];
  if (hasAuthorities(nightingale)) {
    const metadata = { name: authoritiesMap, namespace };
    const data = { ...authorities(nightingale) };
    after.push(new k8s.core.v1.ConfigMap(`${name}-authorities`, { metadata, data }, { parent }));
  }
  const child = { parent, dependsOn: after };
  // Without its passwords: a digest of them would stand in the Pods for everybody to try.
  const config = serverConfig(nightingale, { database: "", redis: "" });
  const digest = shortHash(config + JSON.stringify(authorities(nightingale)));
  const service = new k8s.core.v1.Service(`${name}-service`, serverService(nightingale), {
    parent,
  });
  const pods = new k8s.apps.v1.Deployment(
    `${name}-server`,
    serverDeployment(
      nightingale,
      own.revision.apply((revision) => `${digest}-${revision}`),
    ),
    child,
  );
  const budget = serverBudget(nightingale);
  if (budget) new k8s.policy.v1.PodDisruptionBudget(`${name}-budget`, budget, { parent });
  return [service, pods];
};

function secretOf(
  name: string,
  namespace: string,
  secret: string,
  stringData: pulumi.Input<Record<string, pulumi.Input<string>>>,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  const metadata = { name: secret, namespace };
  return new k8s.core.v1.Secret(name, { metadata, stringData: pulumi.secret(stringData) }, opts);
}
