import type {
  BindingBlueprint,
  PolicyBlueprint,
  RoleBlueprint,
  TenantNamespace,
  TrafficRule,
} from "../../site/platform/tenancy-types";
import { ownLabels } from "../support/own-labels";
import { selectorLabels } from "../workload/labels";

/** Kubernetes objects of tenancy, as plain data. */

export function clusterRole({ name, rules }: RoleBlueprint) {
  return {
    metadata: { name, labels: ownLabels },
    rules: rules.map(({ apiGroups, resources, verbs }) => ({
      apiGroups: [...apiGroups],
      resources: [...resources],
      verbs: [...verbs],
    })),
  };
}

/** An account that no Pod runs as: its tokens are asked for one by one, and end. */
export function account(name: string, namespace: string) {
  return { metadata: { name, namespace, labels: ownLabels }, automountServiceAccountToken: false };
}

export function namespace({ name, labels: own, annotations }: TenantNamespace) {
  return { metadata: { name, labels: { ...own, ...ownLabels }, annotations: { ...annotations } } };
}

/** The bound of a whole namespace; undefined where there is none. */
export function resourceQuota({ name, quota }: TenantNamespace) {
  if (quota === undefined) return undefined;
  return {
    metadata: { name: "quota", namespace: name, labels: ownLabels },
    spec: { hard: { ...quota } },
  };
}

/** Keeps a namespace for accounts free of everything that could act as one of them. */
export function noPods(namespace: string) {
  return {
    metadata: { name: "no-pods", namespace, labels: ownLabels },
    spec: { hard: { pods: "0" } },
  };
}

export function limitRange({ name, containers }: Pick<TenantNamespace, "name" | "containers">) {
  const { defaultRequest, default: limit, max } = containers;
  return {
    metadata: { name: "containers", namespace: name, labels: ownLabels },
    spec: {
      limits: [
        {
          type: "Container",
          defaultRequest: { ...defaultRequest },
          default: { ...limit },
          max: { ...max },
        },
      ],
    },
  };
}

export function roleBinding(namespace: string, binding: BindingBlueprint) {
  const { clusterRole: name, users, groups, account, accountNamespace } = binding;
  const apiGroup = "rbac.authorization.k8s.io";
  return {
    metadata: { name, namespace, labels: ownLabels },
    roleRef: { apiGroup, kind: "ClusterRole", name },
    subjects: [
      ...users.map((user) => ({ kind: "User", name: user, apiGroup })),
      ...groups.map((group) => ({ kind: "Group", name: group, apiGroup })),
      { kind: "ServiceAccount", name: account, namespace: accountNamespace },
    ],
  };
}

/** A policy over Pods of the namespace. */
export function networkPolicy(
  namespace: string,
  { name, workload, only, ingress, egress }: PolicyBlueprint,
) {
  return {
    metadata: { name, namespace, labels: ownLabels },
    spec: {
      podSelector:
        workload === undefined ? {} : { matchLabels: selectorLabels({ name: workload }) },
      policyTypes: policyTypes(only),
      ...(ingress.length > 0 && {
        ingress: ingress.map((rule) => ({ from: peers(rule), ...ports(rule) })),
      }),
      ...(egress.length > 0 && {
        egress: egress.map((rule) => ({ to: peers(rule), ...ports(rule) })),
      }),
    },
  };
}

function policyTypes(only: PolicyBlueprint["only"]): string[] {
  if (only === undefined) return ["Ingress", "Egress"];
  return [only === "ingress" ? "Ingress" : "Egress"];
}

function peers({ namespaces, cidrs, except = [], ownPods, anyPods = false }: TrafficRule) {
  return [
    ...(ownPods ? [{ podSelector: {} }] : []),
    ...(anyPods ? [{ namespaceSelector: {} }] : []),
    ...namespaces.map((name) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    })),
    ...cidrs.map((cidr) => ({
      ipBlock: { cidr, ...(except.length > 0 && { except: [...except] }) },
    })),
  ];
}

function ports({ ports: opened }: TrafficRule) {
  if (opened.length === 0) return {};
  return { ports: opened.map(({ port, protocol }) => ({ port, protocol })) };
}
