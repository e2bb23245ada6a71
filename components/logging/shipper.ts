import { stringify } from "yaml";
import { beatPorts } from "../../site/platform/beat-figures";
import { shipperName } from "../../site/workload/logs";
import type { InitBlueprint } from "../../site/workload/pod-types";
import type { ShipperBlueprint, WorkloadBlueprint } from "../../site/workload/workload-types";
import { certificate } from "../certificates/resources";
import { lockedContainer } from "../support/pod-security";
import { shortHash } from "../support/short-hash";
import { metadata } from "../workload/labels";
import type { WorkloadObject } from "../workload/objects";
import { shipperConfig } from "./filebeat-config";
import { authorityFile, outputFolder } from "./output-config";

/** The container beside a workload that sends its log files, and what it needs, as plain data. */

const configFile = "/etc/sitewright/filebeat/filebeat.yml";

/** What was read already: on a volume that a container that starts anew finds again. */
const dataFolder = "/var/lib/filebeat";

type Shipping = WorkloadBlueprint & {
  readonly logs: { readonly shipper: ShipperBlueprint };
};

function ships(workload: WorkloadBlueprint): workload is Shipping {
  return workload.logs.shipper !== undefined;
}

/** Names of its ConfigMap, and of the Secret with what the output asks for. */
function names({ name }: Pick<WorkloadBlueprint, "name">) {
  return {
    config: `${name}-${shipperName}`,
    output: `${name}-log-output`,
  };
}

/** Variables and files of the output, which are also keys of its Secret. */
export function shipperSecrets(workload: WorkloadBlueprint): readonly string[] {
  return workload.logs.shipper?.secrets.map(({ variable }) => variable) ?? [];
}

/** Changes with its configuration; undefined where there is none. */
export function shipperHash(workload: WorkloadBlueprint): string | undefined {
  if (!ships(workload)) return undefined;
  return shortHash(configText(workload));
}

function configText({ logs }: Shipping): string {
  return stringify(shipperConfig(logs.shipper), { lineWidth: 0 });
}

/** Its configuration, and Secrets of the workload's own: none of another namespace can be mounted. */
export function shipperObjects(workload: WorkloadBlueprint): readonly WorkloadObject[] {
  if (!ships(workload)) return [];
  const { config, output } = names(workload);
  const { secrets, authority } = workload.logs.shipper;
  return [
    {
      noun: "log-shipper",
      object: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: metadata(workload, config),
        data: { "filebeat.yml": configText(workload) },
      },
    },
    ...(secrets.length === 0
      ? []
      : [
          {
            noun: "log-output",
            object: {
              apiVersion: "v1",
              kind: "Secret",
              metadata: metadata(workload, output),
              type: "Opaque",
            },
            holds: shipperSecrets(workload),
          },
        ]),
    ...(authority === undefined
      ? []
      : [
          {
            noun: "log-authority",
            object: certificate(authority),
            deployments: true,
          },
        ]),
  ];
}

/** Volumes of its own; those of the log files are the workload's. */
export function shipperVolumes(workload: WorkloadBlueprint) {
  if (!ships(workload)) return [];
  const { config, output } = names(workload);
  const { authority } = workload.logs.shipper;
  const files = fileKeys(workload);
  return [
    { name: "log-config", configMap: { name: config } },
    { name: "log-registry", emptyDir: { sizeLimit: "64Mi" } },
    ...(files.length === 0
      ? []
      : [{ name: "log-output", secret: { secretName: output, defaultMode: 0o440, items: files } }]),
    ...(authority === undefined
      ? []
      : [
          {
            name: "log-authority",
            secret: {
              secretName: authority.secretName,
              items: [{ key: "ca.crt", path: "ca.crt" }],
            },
          },
        ]),
  ];
}

/** The container: no rights in the API, no write access to anything but what it keeps for itself. */
export function shipperContainer(
  workload: WorkloadBlueprint,
  { name, image, resources }: InitBlueprint,
) {
  const { shipper, folders } = workload.logs;
  if (shipper === undefined) throw new Error(`${workload.name} has no output for its log files`);
  const { output } = names(workload);
  const variables = shipper.secrets.filter(({ file }) => !file);
  return {
    name,
    image,
    imagePullPolicy: workload.settings.imagePullPolicy,
    // Started before the workload and ended after it, so that its last lines are sent; a Job ends all the same.
    restartPolicy: "Always",
    args: ["-e", "-c", configFile, "--path.data", dataFolder],
    env: [
      { name: "GOMEMLIMIT", value: `${shipper.goMemoryMiB}MiB` },
      ...variables.map(({ variable }) => ({
        name: variable,
        valueFrom: { secretKeyRef: { name: output, key: variable } },
      })),
      field("NODE_NAME", "spec.nodeName"),
      field("POD_NAME", "metadata.name"),
      field("POD_VERSION", "metadata.labels['app.kubernetes.io/version']"),
    ],
    livenessProbe: {
      // It answers within the Pod alone, where neither nodes nor proxies of a mesh come in between.
      exec: { command: ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${beatPorts.filebeat}`] },
      initialDelaySeconds: 30,
      periodSeconds: 30,
      timeoutSeconds: 5,
      failureThreshold: 5,
    },
    resources,
    securityContext: lockedContainer,
    volumeMounts: [
      { name: "log-config", mountPath: folder(configFile), readOnly: true },
      { name: "log-registry", mountPath: dataFolder },
      ...(fileKeys(workload).length === 0
        ? []
        : [{ name: "log-output", mountPath: outputFolder, readOnly: true }]),
      ...(shipper.authority === undefined
        ? []
        : [{ name: "log-authority", mountPath: folder(authorityFile), readOnly: true }]),
      ...folders.map((one) => ({ name: one.name, mountPath: one.mountPath, readOnly: true })),
    ],
  };
}

function fileKeys({ logs }: WorkloadBlueprint) {
  const files = logs.shipper?.secrets.filter(({ file }) => file) ?? [];
  return files.map(({ variable }) => ({ key: variable, path: variable }));
}

function field(name: string, fieldPath: string) {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

function folder(file: string): string {
  return file.slice(0, file.lastIndexOf("/"));
}
