import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Resources } from "../../site/pod-types";
import { drainBudget } from "../support/drain-budget";
import { runtimeSeccomp } from "../support/pod-security";

/** A program without a chart: an account with rights, and Pods that run under it. */
export interface Program {
  /** Name of everything that it is made of. */
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly resources: Resources;
  readonly volumes: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly source: Readonly<Record<string, unknown>>;
  }[];
  /** Rights over the whole cluster. */
  readonly clusterRules: readonly Rule[];
  /** Rights in its own namespace. */
  readonly ownRules: readonly Rule[];
  /** Node affinity and tolerations; absent: ordinary nodes. */
  readonly placement?: { readonly nodeAffinity: object; readonly tolerations: readonly object[] };
  /** Whether it must be root, as whoever makes folders for anybody must. */
  readonly root?: boolean;
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const read = ["get", "list", "watch"] as const;

/** A rule in one line. */
export function rule(group: string, resources: readonly string[], ...verbs: string[]): Rule {
  return { apiGroups: [group], resources, verbs: verbs.length === 0 ? read : verbs };
}

/** Only one of its Pods may work at a time, or the old one stops first. */
const strategyOf = (replicas: number) => (replicas > 1 ? "RollingUpdate" : "Recreate");

/** Registers a program's objects below a component; returns its Deployment, which comes last and is waited for. */
export function installProgram(
  name: string,
  program: Program,
  opts: pulumi.ResourceOptions,
  after: readonly pulumi.Resource[] = [],
) {
  const { namespace } = program;
  const metadata = { name: program.name, namespace };
  const account = new k8s.core.v1.ServiceAccount(`${name}-account`, { metadata }, opts);
  const subjects = [{ kind: "ServiceAccount", name: program.name, namespace }];
  const apiGroup = "rbac.authorization.k8s.io";
  const clusterName = { name: `sitewright-${program.name}` };
  const clusterRole = new k8s.rbac.v1.ClusterRole(
    `${name}-cluster-role`,
    { metadata: clusterName, rules: plain(program.clusterRules) },
    opts,
  );
  const clusterBinding = new k8s.rbac.v1.ClusterRoleBinding(
    `${name}-cluster-rights`,
    {
      metadata: clusterName,
      subjects,
      roleRef: { apiGroup, kind: "ClusterRole", name: clusterName.name },
    },
    { ...opts, dependsOn: clusterRole },
  );
  const role = new k8s.rbac.v1.Role(
    `${name}-role`,
    { metadata, rules: plain(program.ownRules) },
    opts,
  );
  const binding = new k8s.rbac.v1.RoleBinding(
    `${name}-rights`,
    { metadata, subjects, roleRef: { apiGroup, kind: "Role", name: program.name } },
    { ...opts, dependsOn: role },
  );
  if (program.replicas > 1) {
    const budget = drainBudget(metadata, labelsOf(program));
    new k8s.policy.v1.PodDisruptionBudget(`${name}-budget`, budget, opts);
  }
  return new k8s.apps.v1.Deployment(`${name}-pods`, deployment(program), {
    ...opts,
    dependsOn: [account, clusterBinding, binding, ...after],
  });
}

function plain(rules: readonly Rule[]) {
  return rules.map(({ apiGroups, resources, verbs }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
  }));
}

const labelsOf = ({ name }: Program) => ({ "app.kubernetes.io/name": name });

/** The Pods, as strict as their work allows. */
export function deployment(program: Program) {
  const { name, namespace, replicas, root = false, volumes, placement } = program;
  const labels = labelsOf(program);
  return {
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      strategy: { type: strategyOf(replicas) },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          priorityClassName: "system-cluster-critical",
          securityContext: {
            ...(!root && { runAsNonRoot: true, runAsUser: 65_534 }),
            ...runtimeSeccomp,
          },
          affinity: {
            ...(placement && { nodeAffinity: placement.nodeAffinity }),
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  podAffinityTerm: {
                    topologyKey: "kubernetes.io/hostname",
                    labelSelector: { matchLabels: labels },
                  },
                },
              ],
            },
          },
          tolerations: [...(placement?.tolerations ?? [])],
          containers: [
            {
              name,
              image: program.image,
              ...(program.command && { command: [...program.command] }),
              ...(program.args && { args: [...program.args] }),
              env: Object.entries(program.env).map(([key, value]) => ({ name: key, value })),
              resources: program.resources,
              securityContext: {
                allowPrivilegeEscalation: false,
                ...(!root && { capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true }),
              },
              volumeMounts: volumes.map((volume) => ({
                name: volume.name,
                mountPath: volume.mountPath,
              })),
            },
          ],
          volumes: volumes.map(({ name: volume, source }) => ({ name: volume, ...source })),
        },
      },
    },
  };
}

export interface VolumeClass {
  readonly name: string;
  readonly provisioner: string;
  readonly default: boolean;
  readonly reclaim: "Delete" | "Retain";
  readonly binding: "Immediate" | "WaitForFirstConsumer";
  readonly parameters: Readonly<Record<string, string>>;
}

/** A storage class of a program of ours. */
export function storageClass(wanted: VolumeClass) {
  return {
    metadata: {
      name: wanted.name,
      annotations: { "storageclass.kubernetes.io/is-default-class": String(wanted.default) },
    },
    provisioner: wanted.provisioner,
    reclaimPolicy: wanted.reclaim,
    volumeBindingMode: wanted.binding,
    parameters: { ...wanted.parameters },
  };
}
