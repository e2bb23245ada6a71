import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** Nightingale, seen by its Pods: it is the second way of telling people, and must not go silent unseen. */
export function nightingaleRules(namespace: string): RuleGroup {
  const state = `job="${jobs.clusterState}",namespace="${namespace}"`;
  return {
    name: "nightingale",
    rules: [
      systemAlert({
        alert: "NightingaleDown",
        severity: "warning",
        minutes: 10,
        expr: `sum by (namespace) (kube_deployment_status_replicas_available{${state}} or kube_statefulset_status_replicas_ready{${state}}) < sum by (namespace) (kube_deployment_spec_replicas{${state}} or kube_statefulset_replicas{${state}})`,
        summary: "Nightingale lacks Pods: {{ $value }} are there",
        description: "Its pages and its own messages stop; Alertmanager goes on.",
        runbook: [
          `\`kubectl -n ${namespace} get pods\`: server, database or cache?`,
          "The database first: the others wait for it.",
        ],
      }),
    ],
  };
}
