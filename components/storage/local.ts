import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { LocalBlueprint } from "../../site/platform/storage-types";
import { installProgram, type Program, rule, storageClass } from "./program";

export interface LocalVolumesArgs {
  readonly local: LocalBlueprint;
}

/** Name of the Deployment and of the account that it runs as. */
const programName = "local-path-provisioner";
const configName = "local-path-config";
const configFolder = "/etc/config/";

/** Volumes as folders of the node on which a Pod first asks for one. */
export class LocalVolumes extends pulumi.ComponentResource {
  static readonly type = "sitewright:storage:LocalVolumes";

  constructor(name: string, args: LocalVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(LocalVolumes.type, name, {}, opts);
    const { local } = args;
    const config = new k8s.core.v1.ConfigMap(`${name}-config`, localConfig(local), {
      parent: this,
    });
    const pods = installProgram(name, localProgram(local), { parent: this }, [config]);
    new k8s.storage.v1.StorageClass(
      `${name}-class`,
      storageClass({
        name: local.class,
        provisioner: "rancher.io/local-path",
        default: local.default,
        reclaim: local.reclaim,
        // Not before it is known on which node the Pod runs.
        binding: "WaitForFirstConsumer",
        parameters: {},
      }),
      { parent: this, dependsOn: pods },
    );
    this.registerOutputs({});
  }
}

/** What the provisioner reads: where volumes go, and how a Pod on the node makes and removes their folders. */
export function localConfig(local: LocalBlueprint) {
  const paths = [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [local.path] }];
  const helper = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "helper-pod" },
    spec: {
      priorityClassName: "system-node-critical",
      // Room must be made on a full disk too.
      tolerations: [{ key: "node.kubernetes.io/disk-pressure", operator: "Exists" }],
      containers: [
        {
          name: "helper-pod",
          image: local.helperImage,
          imagePullPolicy: "IfNotPresent",
          resources: {
            requests: { cpu: "10m", memory: "16Mi" },
            limits: { cpu: "200m", memory: "64Mi" },
          },
        },
      ],
    },
  };
  return {
    metadata: { name: configName, namespace: local.namespace },
    data: {
      "config.json": JSON.stringify({ nodePathMap: paths }),
      setup: '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
      teardown: '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
      // JSON is YAML.
      "helperPod.yaml": JSON.stringify(helper),
    },
  };
}

export function localProgram(local: LocalBlueprint): Program {
  return {
    name: programName,
    namespace: local.namespace,
    replicas: 1,
    image: local.image,
    command: ["local-path-provisioner", "start", "--config", `${configFolder}config.json`],
    env: {
      POD_NAMESPACE: local.namespace,
      CONFIG_MOUNT_PATH: configFolder,
      // Its helper Pods run as this account; unsaid, as one that only its makers' manifests have.
      SERVICE_ACCOUNT_NAME: programName,
    },
    resources: local.resources,
    volumes: [
      { name: "config", mountPath: configFolder, source: { configMap: { name: configName } } },
    ],
    clusterRules: [
      rule("", ["nodes", "persistentvolumeclaims", "configmaps", "pods", "pods/log"]),
      rule(
        "",
        ["persistentvolumes"],
        ...["get", "list", "watch", "create", "patch", "update", "delete"],
      ),
      rule("", ["events"], "create", "patch"),
      rule("storage.k8s.io", ["storageclasses"]),
    ],
    ownRules: [rule("", ["pods"], "get", "list", "watch", "create", "patch", "update", "delete")],
  };
}
