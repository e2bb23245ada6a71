import { jobs } from "../alerting/jobs";
import type { Dashboard } from "./dashboard-types";
import { bars, fullIsBad, lines, noneIsWell, number } from "./panels";
import { from } from "./selectors";
import { folders, uids } from "./uids";

const windows = (...matchers: readonly string[]) => from(jobs.windows, ...matchers);

/** Machines with Windows. */
export function windowsDashboard(): Dashboard {
  return {
    uid: uids.windows,
    title: "Windows hosts",
    description: "Machines with Windows: load, memory, disks and services.",
    folder: folders.platform,
    variables: [],
    links: [uids.overview],
    rows: [
      {
        title: "Windows",
        panels: [
          number(
            "Down",
            "Machines whose figures do not arrive.",
            "none",
            `count(up${windows()} == 0)`,
            noneIsWell,
          ),
          lines(
            "Processors busy",
            "Share of all cores that is not idle.",
            "percentunit",
            [
              [
                `1 - avg by (host) (rate(windows_cpu_time_total${windows('mode="idle"')}[5m]))`,
                "{{host}}",
              ],
            ],
            { ...fullIsBad, width: 20 },
          ),
          lines("Memory free", "Memory that programs can still get.", "bytes", [
            [`windows_memory_available_bytes${windows()}`, "{{host}}"],
          ]),
          bars(
            "Disks used",
            "Share of each disk that is used.",
            "percentunit",
            [
              [
                `1 - windows_logical_disk_free_bytes${windows('volume!~"HarddiskVolume.+"')} / windows_logical_disk_size_bytes${windows('volume!~"HarddiskVolume.+"')}`,
                "{{host}} {{volume}}",
              ],
            ],
            fullIsBad,
          ),
          lines("Network", "What is received and sent.", "Bps", [
            [
              `sum by (host) (rate(windows_net_bytes_received_total${windows()}[5m]))`,
              "{{host}} received",
            ],
            [`sum by (host) (rate(windows_net_bytes_sent_total${windows()}[5m]))`, "{{host}} sent"],
          ]),
          lines(
            "Services that stopped",
            "Services that start by themselves and do not run.",
            "none",
            [
              [
                `count by (host) (windows_service_start_mode${windows('start_mode="auto"')} == 1 and on (host, name) windows_service_state${windows('state="stopped"')} == 1)`,
                "{{host}}",
              ],
            ],
          ),
        ],
      },
    ],
  };
}
