import type { RoleName } from "../schema/tenancy";
import type { KubeSphereBlueprint } from "./kubesphere-types";
import type { PlatformPart } from "./part-types";

/** Who may use which part of the cluster, how much of it, and who may speak to whom. */
export interface TenancyBlueprint extends PlatformPart {
  /** What each role may do, wherever it is bound. */
  readonly roles: readonly RoleBlueprint[];
  /** Accounts that short-lived kubeconfigs are made for. */
  readonly access: AccessBlueprint;
  readonly workspaces: readonly WorkspaceBlueprint[];
  /** The product's own workspace; its namespaces come with the release. */
  readonly product: WorkspaceBlueprint;
  /** Absent where the site does not want it. */
  readonly kubesphere?: KubeSphereBlueprint;
}

export interface RoleBlueprint {
  readonly role: RoleName;
  /** Name of the ClusterRole. */
  readonly name: string;
  readonly rules: readonly RoleRule[];
}

export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface AccessBlueprint {
  /** Apart from every workspace: whoever may start Pods beside an account could act as it. */
  readonly namespace: string;
  readonly accounts: readonly string[];
}

export interface WorkspaceBlueprint {
  readonly name: string;
  readonly namespaces: readonly TenantNamespace[];
}

export interface TenantNamespace {
  /** Short name; for the product's the same as the real one. */
  readonly key: string;
  /** Name in Kubernetes. */
  readonly name: string;
  readonly workspace: string;
  /** Empty for the product's, which come with the release. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly bindings: readonly BindingBlueprint[];
  /** Keys of a ResourceQuota's `hard`; absent: no bound. */
  readonly quota?: Readonly<Record<string, string>>;
  readonly containers: ContainerBounds;
  readonly policies: readonly PolicyBlueprint[];
}

export interface ContainerBounds {
  readonly defaultRequest: Amounts;
  readonly default: Amounts;
  readonly max: Amounts;
}

export interface Amounts {
  readonly cpu: string;
  readonly memory: string;
}

/** A role given to people and to its account, in one namespace. */
export interface BindingBlueprint {
  readonly role: RoleName;
  readonly clusterRole: string;
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly account: string;
  readonly accountNamespace: string;
}

/** A NetworkPolicy over every Pod of a namespace, or over one workload's. */
export interface PolicyBlueprint {
  readonly name: string;
  /** The workload whose Pods it is for; absent: all. */
  readonly workload?: string;
  /** The only direction that it says something of; absent: both. */
  readonly only?: "ingress" | "egress";
  readonly ingress: readonly TrafficRule[];
  readonly egress: readonly TrafficRule[];
}

export interface TrafficRule {
  /** Names of namespaces, and networks; together with `ownPods` everything that the rule lets through. */
  readonly namespaces: readonly string[];
  readonly cidrs: readonly string[];
  /** Networks within `cidrs` that stay closed. */
  readonly except?: readonly string[];
  /** Pods of the namespace itself. */
  readonly ownPods: boolean;
  /** Pods of every namespace. */
  readonly anyPods?: boolean;
  /** Empty: every port of every protocol. */
  readonly ports: readonly { readonly port: number; readonly protocol: "TCP" | "UDP" }[];
}
