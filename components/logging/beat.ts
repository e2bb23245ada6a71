import { stringify } from "yaml";
import { beatPorts, beatScrapes } from "../../site/platform/beat-figures";
import type { BeatRoom, LoggingBlueprint } from "../../site/platform/logging-types";
import type { Resources } from "../../site/pod-types";
import { ownLabels } from "../support/own-labels";
import { lockedContainer } from "../support/pod-security";
import { shortHash } from "../support/short-hash";
import { exporterConfig } from "./exporter-config";
import { authorityFile, outputFolder } from "./output-config";

/** A beat on every node, as plain data. */

/** Secret with what the output asks for, in the namespace of logging. */
export const outputSecret = "log-output";

const configFolder = "/etc/sitewright/beat";

export interface Beat {
  readonly name: "filebeat" | "metricbeat";
  readonly room: Pick<BeatRoom, "resources" | "goMemoryMiB">;
  readonly image: string;
  readonly exporterImage: string;
  readonly exporterResources: Resources;
  readonly config: object;
  /** Folders of the node that it reads, by the paths at which it finds them. */
  readonly reads: Readonly<Record<string, string>>;
  /** Capabilities that reading takes. */
  readonly capabilities: readonly string[];
}

function podLabels(name: string) {
  return { "app.kubernetes.io/name": name };
}

/** The beat's configuration and its exporter's; no secret is in them. */
export function beatConfigMap(namespace: string, beat: Beat) {
  return {
    metadata: { name: beat.name, namespace, labels: ownLabels },
    data: configTexts(beat),
  };
}

function configTexts({ name, config }: Beat): Readonly<Record<string, string>> {
  const text = (value: object) => stringify(value, { lineWidth: 0 });
  return { [`${name}.yml`]: text(config), "exporter.yml": text(exporterConfig(name)) };
}

function configHash(beat: Beat): string {
  return shortHash(JSON.stringify(configTexts(beat)));
}

/** @param mark Changes with the values of the output's secrets. */
export function beatDaemonSet<Text>(
  { namespace, secrets, store }: LoggingBlueprint,
  beat: Beat,
  mark: Text,
) {
  const { name } = beat;
  return {
    metadata: { name, namespace, labels: { ...ownLabels, ...podLabels(name) } },
    spec: {
      selector: { matchLabels: podLabels(name) },
      // Each reads on where the one before stopped, so several at once may do so.
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "20%" } },
      template: {
        metadata: {
          labels: podLabels(name),
          annotations: {
            "sitewright/config-hash": configHash(beat),
            ...(secrets.length > 0 && { "sitewright/secrets-hash": mark }),
          },
        },
        spec: {
          serviceAccountName: name,
          priorityClassName: "system-node-critical",
          // The node's own name and address, and no network of Pods that might be what is broken.
          hostNetwork: true,
          dnsPolicy: "ClusterFirstWithHostNet",
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 30,
          tolerations: [{ operator: "Exists" }],
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          containers: [beatContainer(beat, secrets, store), exporter(beat)],
          volumes: volumes(beat, secrets, store),
        },
      },
    },
  };
}

type Secrets = LoggingBlueprint["secrets"];

function beatContainer(
  { name, image, room, reads, capabilities }: Beat,
  secrets: Secrets,
  store: LoggingBlueprint["store"],
) {
  // Only who is on the same node may ask it.
  const ask = { httpGet: { host: "127.0.0.1", port: beatPorts[name], path: "/" } };
  return {
    name,
    image,
    args: ["-e", "-c", `${configFolder}/${name}.yml`, "--path.data", dataFolder],
    env: [
      { name: "GOMEMLIMIT", value: `${room.goMemoryMiB}MiB` },
      ...secrets
        .filter(({ file }) => !file)
        .map(({ variable }) => ({
          name: variable,
          valueFrom: { secretKeyRef: { name: outputSecret, key: variable } },
        })),
      { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
      { name: "NODE_ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } },
      // Where the one that asks about the whole cluster keeps its lease.
      { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
    ],
    livenessProbe: {
      ...ask,
      initialDelaySeconds: 30,
      periodSeconds: 20,
      timeoutSeconds: 10,
      failureThreshold: 6,
    },
    readinessProbe: { ...ask, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    resources: room.resources,
    securityContext: {
      // Files of nodes belong to root and to many others.
      runAsUser: 0,
      ...lockedContainer,
      capabilities: { ...lockedContainer.capabilities, add: [...capabilities] },
    },
    volumeMounts: [
      { name: "config", mountPath: configFolder, readOnly: true },
      { name: "data", mountPath: dataFolder },
      ...Object.keys(reads).map((mountPath, at) => ({
        name: `node-${at}`,
        mountPath,
        readOnly: true,
        mountPropagation: "HostToContainer",
      })),
      ...(hasFiles(secrets) ? [{ name: "output", mountPath: outputFolder, readOnly: true }] : []),
      ...(store?.certificate === undefined
        ? []
        : [{ name: "authority", mountPath: folder(authorityFile), readOnly: true }]),
    ],
  };
}

/** Where a beat keeps what it has read and sent. */
const dataFolder = "/var/lib/beat";

function exporter({ name, exporterImage, exporterResources }: Beat) {
  const { port } = beatScrapes[name];
  const ask = { tcpSocket: { port } };
  return {
    name: beatScrapes.portName,
    image: exporterImage,
    args: [
      `--config.file=${configFolder}/exporter.yml`,
      // Not on every address of the node: Prometheus asks for this one.
      `--web.listen-address=$(NODE_ADDRESS):${port}`,
    ],
    env: [{ name: "NODE_ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } }],
    ports: [{ name: beatScrapes.portName, containerPort: port, hostPort: port, protocol: "TCP" }],
    livenessProbe: { ...ask, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 5 },
    readinessProbe: { ...ask, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    resources: exporterResources,
    securityContext: { ...lockedContainer, runAsNonRoot: true, runAsUser: 65_534 },
    volumeMounts: [
      { name: "exporter", mountPath: `${configFolder}/exporter.yml`, subPath: "exporter.yml" },
    ],
  };
}

function volumes({ name, reads }: Beat, secrets: Secrets, store: LoggingBlueprint["store"]) {
  return [
    // A beat does not start with a configuration that others may write.
    { name: "config", configMap: { name, defaultMode: 0o640 } },
    {
      name: "exporter",
      configMap: { name, items: [{ key: "exporter.yml", path: "exporter.yml" }] },
    },
    // It outlives the Pod: without it everything that the node has would be sent again.
    {
      name: "data",
      hostPath: { path: `/var/lib/${name}-data`, type: "DirectoryOrCreate" },
    },
    ...Object.values(reads).map((path, at) => ({ name: `node-${at}`, hostPath: { path } })),
    ...(hasFiles(secrets)
      ? [
          {
            name: "output",
            secret: {
              secretName: outputSecret,
              defaultMode: 0o440,
              items: secrets
                .filter(({ file }) => file)
                .map(({ variable }) => ({ key: variable, path: variable })),
            },
          },
        ]
      : []),
    ...(store?.certificate === undefined
      ? []
      : [
          {
            name: "authority",
            secret: {
              secretName: store.certificate.secretName,
              items: [{ key: "ca.crt", path: "ca.crt" }],
            },
          },
        ]),
  ];
}

function hasFiles(secrets: Secrets): boolean {
  return secrets.some(({ file }) => file);
}

function folder(file: string): string {
  return file.slice(0, file.lastIndexOf("/"));
}
