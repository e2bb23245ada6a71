import type { TracingBlueprint, TracingProgram } from "../../site/platform/tracing-types";
import { keepApart } from "../support/keep-apart";
import type { KubernetesObject } from "../support/kubernetes-object";
import { ownLabels } from "../support/own-labels";
import { lockedContainer, restrictedPod } from "../support/pod-security";
import { shortHash } from "../support/short-hash";

/** Programs of tracing as plain objects: a Deployment with its Service, and a budget where there are several Pods. */

/** Secret with what leads to where traces are kept. */
export const storageSecret = "trace-storage";

/** Where files of the ConfigMap and of the Secret are found. */
export const settingsFolder = "/etc/tracing/settings";
export const secretFolder = "/etc/tracing/secret";

/** What a program of one kind is started with. */
export interface Start {
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Variables whose values are entries of {@link storageSecret}. */
  readonly secretEnv?: Readonly<Record<string, string>>;
  /** What is asked whether it works; absent: it ends by itself. */
  readonly probe?: { readonly path: string; readonly port: number } | { readonly tcp: number };
  /** User that its image is made for. */
  readonly user: number;
  /** Command in place of the image's own. */
  readonly command?: readonly string[];
  /** Files of the ConfigMap of its name. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether it reads files of the Secret. */
  readonly readsSecret?: boolean;
}

export function labelsOf(name: string) {
  return { "app.kubernetes.io/name": name, ...ownLabels };
}

type Where = Pick<TracingBlueprint, "namespace" | "nodeSelector">;

/** Everything that a program is made of; the Deployment last. */
export function programObjects(
  where: Where,
  program: TracingProgram,
  start: Start,
): readonly { readonly noun: string; readonly object: KubernetesObject }[] {
  const { name, replicas } = program;
  const metadata = { name, namespace: where.namespace, labels: labelsOf(name) };
  const selector = { "app.kubernetes.io/name": name };
  return [
    ...(start.settings === undefined
      ? []
      : [
          {
            noun: "settings",
            object: { apiVersion: "v1", kind: "ConfigMap", metadata, data: start.settings },
          },
        ]),
    {
      noun: "service",
      object: {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: {
          selector,
          ports: program.ports.map(({ name: port, port: number }) => ({
            name: port,
            port: number,
            targetPort: number,
          })),
        },
      },
    },
    ...(replicas > 1
      ? [
          {
            noun: "budget",
            object: {
              apiVersion: "policy/v1",
              kind: "PodDisruptionBudget",
              metadata,
              spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
            },
          },
        ]
      : []),
    {
      noun: "pods",
      object: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata,
        spec: {
          replicas,
          selector: { matchLabels: selector },
          template: {
            metadata: {
              labels: labelsOf(name),
              // Read once, at the start: what is new there must mean new Pods.
              annotations: { "sitewright/config-hash": hash(start) },
            },
            spec: podSpec(where, program, start),
          },
        },
      },
    },
  ];
}

/** A hash of what a program is started with, apart from secrets. */
function hash({ settings = {} }: Start): string {
  return shortHash(JSON.stringify(settings));
}

/** A Pod that meets the "restricted" level. */
export function podSpec({ nodeSelector }: Where, program: TracingProgram, start: Start) {
  const { name, replicas } = program;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(start.user),
    nodeSelector,
    ...(replicas > 1 && { affinity: keepApart({ "app.kubernetes.io/name": name }) }),
    containers: [container(program, start)],
    volumes: volumes(name, start),
  };
}

function container({ name, image, resources, ports }: TracingProgram, start: Start) {
  const { env, secretEnv = {}, probe } = start;
  return {
    name,
    image,
    ...(start.command && { command: [...start.command] }),
    ...(start.args && { args: [...start.args] }),
    env: [
      ...Object.entries(env).map(([key, value]) => ({ name: key, value })),
      ...Object.entries(secretEnv).map(([key, entry]) => ({
        name: key,
        valueFrom: { secretKeyRef: { name: storageSecret, key: entry } },
      })),
    ],
    ...(ports.length > 0 && {
      ports: ports.map(({ name: port, port: containerPort }) => ({ name: port, containerPort })),
    }),
    resources,
    securityContext: lockedContainer,
    ...(probe && probes(probe)),
    volumeMounts: mounts(start),
  };
}

function probes(probe: NonNullable<Start["probe"]>) {
  const port = "tcp" in probe ? probe.tcp : probe.port;
  const reached = { tcpSocket: { port } };
  const ask = "tcp" in probe ? reached : { httpGet: { path: probe.path, port } };
  return {
    // Storage may come up later than the program; a start is given ten minutes.
    startupProbe: { ...ask, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 120 },
    readinessProbe: { ...ask, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 },
    // Only the port: a storage that is away is no reason to start everything that asks for it again.
    livenessProbe: { ...reached, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
  };
}

function mounts({ settings, readsSecret }: Start) {
  return [
    { name: "tmp", mountPath: "/tmp" },
    ...(settings === undefined
      ? []
      : [{ name: "settings", mountPath: settingsFolder, readOnly: true }]),
    ...(readsSecret ? [{ name: "secret", mountPath: secretFolder, readOnly: true }] : []),
  ];
}

function volumes(name: string, { settings, readsSecret }: Start) {
  return [
    { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
    ...(settings === undefined ? [] : [{ name: "settings", configMap: { name } }]),
    ...(readsSecret ? [{ name: "secret", secret: { secretName: storageSecret } }] : []),
  ];
}
