import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { LoggingBlueprint } from "../../site/platform/logging-types";
import { type Beat, beatConfigMap, beatDaemonSet, outputSecret } from "./beat";
import { beatsOf } from "./beats";
import { beatRights } from "./rights";
import type { LoggingSecrets } from "./secrets";
import { LogStore } from "./store";

export interface LoggingArgs {
  readonly logging: LoggingBlueprint;
  /** What the output asks for. */
  readonly secrets: Pick<LoggingSecrets, "values" | "mark" | "store">;
}

/** Where logs of Pods and hosts go, and what brings them there. */
export class Logging extends pulumi.ComponentResource {
  static readonly type = "sitewright:logging:Logging";

  constructor(name: string, args: LoggingArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Logging.type, name, {}, opts);
    const { logging, secrets } = args;
    const { namespace, store } = logging;
    const before: pulumi.Resource[] = [];
    if (store !== undefined && secrets.store !== undefined) {
      before.push(
        new LogStore(
          `${name}-store`,
          { namespace, store, passwords: secrets.store },
          { parent: this },
        ),
      );
    }
    if (logging.secrets.length > 0) {
      const metadata = { name: outputSecret, namespace };
      before.push(
        new k8s.core.v1.Secret(
          `${name}-output`,
          { metadata, stringData: secrets.values },
          { parent: this },
        ),
      );
    }
    for (const beat of beatsOf(logging)) {
      installBeat(`${name}-${beat.name}`, logging, beat, secrets.mark, this, before);
    }
    this.registerOutputs({});
  }
}

/** The DaemonSet of a beat with all that it needs; it comes last and is waited for. */
function installBeat(
  name: string,
  logging: LoggingBlueprint,
  beat: Beat,
  mark: pulumi.Output<string>,
  parent: pulumi.Resource,
  before: readonly pulumi.Resource[],
): void {
  const { namespace } = logging;
  const child = { parent };
  const { account, clusterRole, clusterBinding, role, binding } = beatRights(namespace, beat.name);
  const rights: pulumi.Resource[] = [
    new k8s.core.v1.ServiceAccount(`${name}-account`, account, child),
    new k8s.rbac.v1.ClusterRole(`${name}-cluster-role`, clusterRole, child),
    new k8s.rbac.v1.ClusterRoleBinding(`${name}-cluster-rights`, clusterBinding, child),
  ];
  if (role !== undefined && binding !== undefined) {
    rights.push(
      new k8s.rbac.v1.Role(`${name}-role`, role, child),
      new k8s.rbac.v1.RoleBinding(`${name}-rights`, binding, child),
    );
  }
  const config = new k8s.core.v1.ConfigMap(`${name}-config`, beatConfigMap(namespace, beat), child);
  new k8s.apps.v1.DaemonSet(`${name}-pods`, beatDaemonSet(logging, beat, mark), {
    ...child,
    dependsOn: [...rights, config, ...before],
  });
}
