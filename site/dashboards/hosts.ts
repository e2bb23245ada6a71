import type { Dashboard } from "./dashboard-types";
import { bars, fullIsBad, lines, number, oneIsWell, table } from "./panels";
import { fromHosts, hostVariable } from "./selectors";
import { folders, uids } from "./uids";

const chosen = 'host=~"$host"';
const here = (...matchers: readonly string[]) => fromHosts(chosen, ...matchers);
const disks = 'fstype!~"tmpfs|overlay|squashfs|iso9660"';
/** Cards of the machine itself; what Pods and containers bring is left out. */
const cards =
  'device!~"lo|veth.+|cali.+|flannel.+|cni.+|docker.+|br-.+|kube-ipvs.+|nodelocaldns|vxlan.+|tunl.+"';

/** Machines with Linux: what they carry, and what they suffer from. */
export function hostsDashboard(): Dashboard {
  return {
    uid: uids.hosts,
    title: "Hosts",
    description: "Machines with Linux: load, memory, disks, network and clocks.",
    folder: folders.platform,
    variables: [hostVariable],
    links: [uids.overview],
    rows: [
      {
        title: "State",
        panels: [
          number("Up", "Machines whose figures arrive.", "none", `sum(up${here()})`, oneIsWell),
          number(
            "Least time up",
            "How long the machine that was started last is running.",
            "dtdurations",
            `min(time() - node_boot_time_seconds${here()})`,
            {
              thresholds: [{ colour: "orange" }, { from: 3600, colour: "green" }],
            },
          ),
          number(
            "Widest clock",
            "Greatest distance of a clock from its time servers. Certificates and Ceph suffer from a tenth of a second on.",
            "s",
            `max(abs(node_timex_offset_seconds${here()}))`,
            {
              thresholds: [
                { colour: "green" },
                { from: 0.05, colour: "yellow" },
                { from: 0.1, colour: "red" },
              ],
            },
          ),
          table(
            "Machines",
            "Kernel and system of each machine.",
            "none",
            `node_uname_info${here()}`,
            { host: "Host", instance: "Address", release: "Kernel", machine: "Processor" },
            { height: 6 },
          ),
        ],
      },
      {
        title: "Processors and memory",
        panels: [
          lines(
            "Processors busy",
            "Share of all cores that is not idle.",
            "percentunit",
            [
              [
                `1 - avg by (host) (rate(node_cpu_seconds_total${here('mode="idle"')}[5m]))`,
                "{{host}}",
              ],
            ],
            fullIsBad,
          ),
          lines(
            "Load for each core",
            "Processes that run or wait, for each core, over five minutes. Above one they wait for each other.",
            "none",
            [
              [
                `node_load5${here()} / on (host) count by (host) (node_cpu_seconds_total${here('mode="idle"')})`,
                "{{host}}",
              ],
            ],
            {
              thresholds: [
                { colour: "green" },
                { from: 1, colour: "yellow" },
                { from: 2, colour: "red" },
              ],
            },
          ),
          lines(
            "Memory used",
            "Share of memory that programs cannot get without something being thrown out.",
            "percentunit",
            [
              [
                `1 - node_memory_MemAvailable_bytes${here()} / node_memory_MemTotal_bytes${here()}`,
                "{{host}}",
              ],
            ],
            fullIsBad,
          ),
          lines(
            "Stalled",
            "Share of time in which something waited for memory or disks: what users feel as slowness.",
            "percentunit",
            [
              [`rate(node_pressure_memory_waiting_seconds_total${here()}[5m])`, "{{host}} memory"],
              [`rate(node_pressure_io_waiting_seconds_total${here()}[5m])`, "{{host}} disks"],
            ],
          ),
        ],
      },
      {
        title: "Disks",
        panels: [
          bars(
            "File systems used",
            "The fullest of all; nodes throw Pods out from 85 per cent on.",
            "percentunit",
            [
              [
                `topk(20, 1 - max by (host, mountpoint) (node_filesystem_avail_bytes${here(disks)} / node_filesystem_size_bytes${here(disks)}))`,
                "{{host}} {{mountpoint}}",
              ],
            ],
            fullIsBad,
          ),
          table(
            "Full in four days",
            "File systems that are full in four days if they fill as they did in the last six hours.",
            "bytes",
            `predict_linear(node_filesystem_avail_bytes${here(disks)}[6h], 4 * 24 * 3600) < 0`,
            { host: "Host", mountpoint: "File system", device: "Device" },
          ),
          lines(
            "Disks busy",
            "Share of time in which a disk worked.",
            "percentunit",
            [[`rate(node_disk_io_time_seconds_total${here()}[5m])`, "{{host}} {{device}}"]],
            fullIsBad,
          ),
          lines("Read and written", "What goes from and to the disks of a machine.", "Bps", [
            [`sum by (host) (rate(node_disk_read_bytes_total${here()}[5m]))`, "{{host}} read"],
            [
              `sum by (host) (rate(node_disk_written_bytes_total${here()}[5m]))`,
              "{{host}} written",
            ],
          ]),
        ],
      },
      {
        title: "Network",
        panels: [
          lines("Received and sent", "What goes through the machine's own cards.", "Bps", [
            [
              `sum by (host) (rate(node_network_receive_bytes_total${here(cards)}[5m]))`,
              "{{host}} received",
            ],
            [
              `sum by (host) (rate(node_network_transmit_bytes_total${here(cards)}[5m]))`,
              "{{host}} sent",
            ],
          ]),
          lines(
            "Errors and losses",
            "Frames that were lost or broken: cables, cards, or more than the machine could take.",
            "ops",
            [
              [
                `sum by (host, device) (rate(node_network_receive_errs_total${here(cards)}[5m]) + rate(node_network_transmit_errs_total${here(cards)}[5m]) + rate(node_network_receive_drop_total${here(cards)}[5m]) + rate(node_network_transmit_drop_total${here(cards)}[5m]))`,
                "{{host}} {{device}}",
              ],
            ],
          ),
          lines(
            "Connections tracked",
            "Share of the table of connections that is used. When it is full, new connections are dropped.",
            "percentunit",
            [
              [
                `node_nf_conntrack_entries${here()} / node_nf_conntrack_entries_limit${here()}`,
                "{{host}}",
              ],
            ],
            fullIsBad,
          ),
          lines(
            "Files open",
            "Share of the files that the machine can hold open.",
            "percentunit",
            [[`node_filefd_allocated${here()} / node_filefd_maximum${here()}`, "{{host}}"]],
            fullIsBad,
          ),
        ],
      },
    ],
  };
}
