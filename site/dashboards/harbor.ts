import { jobs } from "../alerting/jobs";
import type { Dashboard } from "./dashboard-types";
import { bars, fullIsBad, lines, number, oneIsWell, table } from "./panels";
import { from } from "./selectors";
import { folders, uids } from "./uids";

const harbor = from(jobs.harbor);

/** Harbor: whether images can be had, and how much of its room is used. */
export function harborDashboard(): Dashboard {
  return {
    uid: uids.harbor,
    title: "Registry",
    description:
      "Harbor: whether images can be had, what is asked of it and how full its projects are.",
    folder: folders.platform,
    variables: [],
    links: [uids.overview, uids.hosts],
    rows: [
      {
        title: "State",
        panels: [
          number(
            "Healthy",
            "1 where every part of Harbor says that it is well.",
            "none",
            `min(harbor_health${harbor})`,
            oneIsWell,
          ),
          table(
            "Parts",
            "Parts of Harbor and whether they answer.",
            "none",
            `harbor_up${harbor}`,
            { component: "Part" },
            { width: 8 },
          ),
          lines("Waiting jobs", "Scans, copies and clean-ups that wait for their turn.", "none", [
            [`sum by (type) (harbor_task_queue_size${harbor})`, "{{type}}"],
          ]),
        ],
      },
      {
        title: "Requests",
        panels: [
          lines(
            "Requests by status",
            "What Harbor answered with.",
            "reqps",
            [[`sum by (code) (rate(harbor_core_http_request_total${harbor}[5m]))`, "{{code}}"]],
            { stacked: true },
          ),
          lines(
            "Time to answer",
            "Harbor's own figure for each operation: 99 in a hundred are faster.",
            "s",
            [
              [
                `max by (operation) (harbor_core_http_request_duration_seconds${from(jobs.harbor, 'quantile="0.99"')})`,
                "{{operation}}",
              ],
            ],
          ),
        ],
      },
      {
        title: "Projects",
        panels: [
          bars(
            "Quota used",
            "Share of each project's quota; at one pushing fails.",
            "percentunit",
            [
              [
                `harbor_project_quota_usage_byte${harbor} / (harbor_project_quota_byte${harbor} > 0)`,
                "{{project_name}}",
              ],
            ],
            fullIsBad,
          ),
          lines("Kept", "Bytes of each project.", "bytes", [
            [`harbor_project_quota_usage_byte${harbor}`, "{{project_name}}"],
          ]),
          lines("Pulls", "Images taken from each project.", "ops", [
            [
              `sum by (project_name) (rate(harbor_artifact_pulled${harbor}[5m]))`,
              "{{project_name}}",
            ],
          ]),
          lines("Images", "Images in each project.", "none", [
            [`sum by (project_name) (harbor_project_artifact_total${harbor})`, "{{project_name}}"],
          ]),
        ],
      },
    ],
  };
}
