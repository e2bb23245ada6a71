import { jobs } from "../alerting/jobs";
import type { Dashboard } from "./dashboard-types";
import { lines, noneIsWell, number, table } from "./panels";
import { from } from "./selectors";
import { folders, uids } from "./uids";

const argo = (...matchers: readonly string[]) => from(jobs.delivery, ...matchers);

/** Argo CD: whether what runs is what the repositories say. */
export function deliveryDashboard(): Dashboard {
  return {
    uid: uids.delivery,
    title: "Delivery",
    description: "Argo CD: whether what runs is what the repositories say.",
    folder: folders.platform,
    variables: [],
    links: [uids.overview, uids.workloads],
    rows: [
      {
        title: "State",
        panels: [
          number(
            "Applications",
            "Namespaces that are deployed from a repository.",
            "none",
            `count(argocd_app_info${argo()})`,
          ),
          number(
            "Out of sync",
            "Applications that are not as their repository says.",
            "none",
            `count(argocd_app_info${argo('sync_status!="Synced"')})`,
            noneIsWell,
          ),
          number(
            "Not healthy",
            "Applications whose objects are not well.",
            "none",
            `count(argocd_app_info${argo('health_status!="Healthy"')})`,
            noneIsWell,
          ),
          table(
            "Applications",
            "Each application, what it follows and how it is.",
            "none",
            `argocd_app_info${argo()}`,
            {
              name: "Application",
              project: "Project",
              dest_namespace: "Namespace",
              sync_status: "Sync",
              health_status: "Health",
            },
          ),
        ],
      },
      {
        title: "Work",
        panels: [
          lines("Deployments", "Deployments in an hour by how they ended.", "none", [
            [
              `sum by (name, phase) (increase(argocd_app_sync_total${argo()}[1h])) > 0`,
              "{{name}} {{phase}}",
            ],
          ]),
          lines(
            "Comparing",
            "Time that comparing an application takes: 95 in a hundred are faster.",
            "s",
            [
              [
                `histogram_quantile(0.95, sum by (le) (rate(argocd_app_reconcile_bucket${argo()}[5m])))`,
                "95 %",
              ],
            ],
          ),
          lines("Requests to Git servers", "Reads of repositories, by kind.", "ops", [
            [
              `sum by (request_type, repo) (rate(argocd_git_request_total${argo()}[5m]))`,
              "{{request_type}} {{repo}}",
            ],
          ]),
          lines("Failed reads", "Reads of repositories that failed.", "ops", [
            [`sum by (repo) (rate(argocd_git_fetch_fail_total${argo()}[5m]))`, "{{repo}}"],
          ]),
        ],
      },
    ],
  };
}
