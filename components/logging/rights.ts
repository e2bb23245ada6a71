import { ownLabels } from "../support/own-labels";
import type { Beat } from "./beat";

/** What a beat may ask the API. */

const apiGroup = "rbac.authorization.k8s.io";
const read = ["get", "list", "watch"];

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

/** Filebeat asks what Pods are; Metricbeat also how much they use, and of whom there are how many. */
const clusterRules: Readonly<Record<Beat["name"], readonly Rule[]>> = {
  filebeat: [{ apiGroups: [""], resources: ["pods", "namespaces", "nodes"], verbs: read }],
  metricbeat: [
    { apiGroups: [""], resources: ["pods", "namespaces", "nodes", "services"], verbs: read },
    { apiGroups: [""], resources: ["nodes/stats", "nodes/metrics", "nodes/proxy"], verbs: ["get"] },
    {
      apiGroups: ["apps"],
      resources: ["deployments", "replicasets", "statefulsets", "daemonsets"],
      verbs: read,
    },
    { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: read },
  ],
};

/** Objects that give a beat its rights, by what they are to it. */
export function beatRights(namespace: string, name: Beat["name"]) {
  const metadata = { name, namespace, labels: ownLabels };
  const clusterName = { name: `sitewright-${name}`, labels: ownLabels };
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  return {
    account: { metadata },
    clusterRole: { metadata: clusterName, rules: [...clusterRules[name]] },
    clusterBinding: {
      metadata: clusterName,
      roleRef: { apiGroup, kind: "ClusterRole", name: clusterName.name },
      subjects,
    },
    // The lease of the one that asks about the cluster as a whole.
    ...(name === "metricbeat" && {
      role: {
        metadata,
        rules: [
          {
            apiGroups: ["coordination.k8s.io"],
            resources: ["leases"],
            verbs: ["get", "create", "update"],
          },
        ],
      },
      binding: { metadata, roleRef: { apiGroup, kind: "Role", name }, subjects },
    }),
  };
}
