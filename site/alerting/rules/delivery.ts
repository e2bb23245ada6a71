import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** Argo CD, and what it deploys. */

const argo = `job="${jobs.delivery}"`;

export const deliveryRules: RuleGroup = {
  name: "delivery",
  rules: [
    systemAlert({
      alert: "DeliveryDown",
      severity: "warning",
      minutes: 10,
      expr: `absent(up{${argo}} == 1)`,
      summary: "Argo CD shows no figures",
      description: "Nothing of the configuration repositories is deployed.",
      runbook: ["`kubectl -n argocd get pods` and their logs."],
    }),
    systemAlert({
      alert: "ApplicationNotSynced",
      severity: "warning",
      minutes: 60,
      expr: `argocd_app_info{${argo},sync_status!="Synced"} == 1`,
      summary: "Application {{ $labels.name }} has been {{ $labels.sync_status }} for an hour",
      description: "What runs is not what its repository says.",
      runbook: [
        "`kubectl -n argocd get application <name> -o yaml`: status.conditions and operationState.",
        "A hand changed it, or the repository holds something that the project or a policy refuses.",
      ],
    }),
    systemAlert({
      alert: "ApplicationUnwell",
      severity: "warning",
      minutes: 15,
      expr: `argocd_app_info{${argo},health_status=~"Degraded|Missing"} == 1`,
      summary: "Application {{ $labels.name }} is {{ $labels.health_status }}",
      description: "Something that it deployed does not work.",
      runbook: ["In Argo CD's pages, or `kubectl get pods` of its namespace: what is not ready?"],
    }),
    systemAlert({
      alert: "ApplicationSyncFails",
      severity: "warning",
      minutes: 5,
      expr: `sum by (name) (increase(argocd_app_sync_total{${argo},phase=~"Error|Failed"}[15m])) > 0`,
      summary: "Application {{ $labels.name }} could not be deployed",
      description: "The latest state of its repository does not run.",
      runbook: [
        "`kubectl -n argocd get application <name> -o jsonpath={.status.operationState.message}`.",
      ],
    }),
    systemAlert({
      alert: "RepositoryUnreached",
      severity: "warning",
      minutes: 10,
      expr: `sum by (repo) (increase(argocd_git_fetch_fail_total{${argo}}[10m])) > 0`,
      summary: "Argo CD cannot read {{ $labels.repo }}",
      description: "Changes there are not deployed.",
      runbook: [
        "Is its server reached from the cluster, is the token or key still valid, did its certificate change?",
        "Correct `delivery.servers` or the secret, and deploy.",
      ],
    }),
  ],
};
