import { jobs } from "../alerting/jobs";
import type { Dashboard } from "./dashboard-types";
import { bars, fullIsBad, gauge, lines, noneIsWell, number, table } from "./panels";
import { from } from "./selectors";
import { folders, uids } from "./uids";

const all = from(jobs.ceph);

/** Ceph: whether data is safe, how full it is and how fast. */
export function cephDashboard(): Dashboard {
  const perPool = (metric: string) =>
    `sum by (name) (rate(${metric}${all}[5m]) * on (pool_id) group_left (name) ceph_pool_metadata${all})`;
  return {
    uid: uids.ceph,
    title: "Ceph",
    description: "Whether data is safe, how full the storage is and how fast.",
    folder: folders.platform,
    variables: [],
    links: [uids.overview, uids.hosts],
    rows: [
      {
        title: "Health",
        panels: [
          number(
            "Health",
            "What Ceph says of itself: 0 is well, 1 a warning, 2 an error.",
            "none",
            `max(ceph_health_status${all})`,
            {
              thresholds: [
                { colour: "green" },
                { from: 1, colour: "yellow" },
                { from: 2, colour: "red" },
              ],
            },
          ),
          number(
            "Monitors missing",
            "Monitors that are not in the quorum. Without more than half of them nothing can be read or written.",
            "none",
            `count(ceph_mon_quorum_status${all}) - sum(ceph_mon_quorum_status${all})`,
            noneIsWell,
          ),
          number(
            "Disks down",
            "Disks (OSDs) that do not serve.",
            "none",
            `count(ceph_osd_up${all}) - sum(ceph_osd_up${all})`,
            noneIsWell,
          ),
          number(
            "Disks left out",
            "Disks (OSDs) that no data is put on; what they held is copied elsewhere.",
            "none",
            `count(ceph_osd_in${all}) - sum(ceph_osd_in${all})`,
            noneIsWell,
          ),
          number(
            "Groups not clean",
            "Placement groups that have fewer copies than they should, or are being copied.",
            "none",
            `sum(ceph_pg_total${all}) - sum(ceph_pg_clean${all})`,
            noneIsWell,
          ),
          gauge(
            "Used",
            "Share of the raw storage that is used. At 85 per cent Ceph warns, at 95 it stops writing.",
            "percentunit",
            [
              [
                `max(ceph_cluster_total_used_raw_bytes${all}) / max(ceph_cluster_total_bytes${all})`,
                "used",
              ],
            ],
            { ...fullIsBad, width: 4, height: 4 },
          ),
          table(
            "What is wrong",
            "Ceph's own checks that have something to say.",
            "none",
            `ceph_health_detail${all} > 0`,
            { name: "Check", severity: "Severity" },
          ),
          lines("Placement groups", "Groups in states that should pass.", "none", [
            [`sum(ceph_pg_degraded${all})`, "fewer copies"],
            [`sum(ceph_pg_undersized${all})`, "too few disks"],
            [`sum(ceph_pg_down${all})`, "down"],
            [`sum(ceph_pg_inconsistent${all})`, "copies differ"],
            [`sum(ceph_pg_backfilling${all}) + sum(ceph_pg_recovering${all})`, "being copied"],
          ]),
        ],
      },
      {
        title: "Pools",
        panels: [
          bars(
            "Used",
            "Share of what a pool can hold.",
            "percentunit",
            [
              [
                `ceph_pool_stored${all} / (ceph_pool_stored${all} + ceph_pool_max_avail${all}) * on (pool_id) group_left (name) ceph_pool_metadata${all}`,
                "{{name}}",
              ],
            ],
            fullIsBad,
          ),
          lines("Kept", "Bytes kept in each pool, without copies.", "bytes", [
            [
              `ceph_pool_stored${all} * on (pool_id) group_left (name) ceph_pool_metadata${all}`,
              "{{name}}",
            ],
          ]),
          lines("Read and written", "Bytes a second of clients, by pool.", "Bps", [
            [perPool("ceph_pool_rd_bytes"), "{{name}} read"],
            [perPool("ceph_pool_wr_bytes"), "{{name}} written"],
          ]),
          lines("Operations", "Reads and writes of clients, by pool.", "ops", [
            [perPool("ceph_pool_rd"), "{{name}} reads"],
            [perPool("ceph_pool_wr"), "{{name}} writes"],
          ]),
        ],
      },
      {
        title: "Disks",
        panels: [
          lines(
            "Time to write",
            "Time until a disk has a write for certain. One that stands out is failing.",
            "ms",
            [[`ceph_osd_commit_latency_ms${all}`, "{{ceph_daemon}}"]],
          ),
          bars(
            "Filled",
            "Share of each disk that is used; they should be alike.",
            "percentunit",
            [[`ceph_osd_stat_bytes_used${all} / ceph_osd_stat_bytes${all}`, "{{ceph_daemon}}"]],
            fullIsBad,
          ),
          table(
            "Where disks are",
            "Disks by host and kind.",
            "none",
            `ceph_osd_metadata${all}`,
            {
              ceph_daemon: "Disk",
              hostname: "Host",
              device_class: "Kind",
              ceph_version: "Version",
            },
            { width: 24 },
          ),
        ],
      },
    ],
  };
}
