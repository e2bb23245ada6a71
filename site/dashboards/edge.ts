import { jobs } from "../alerting/jobs";
import type { BlueprintInput } from "../blueprint-input";
import { standbyInstalled } from "../platform/routes";
import type { Site } from "../schema/site";
import type { Dashboard, PanelRow } from "./dashboard-types";
import { lines, noneIsWell, number, oneIsWell, table, wholeIsWell } from "./panels";
import { from, fromHosts } from "./selectors";
import { folders, uids } from "./uids";

const haproxy = (...matchers: readonly string[]) => from(jobs.haproxy, ...matchers);
const urls = from(jobs.urls);
const standby = from(jobs.standby);

/** The way in: pages as clients see them, and what brings clients to them. */
export function edgeDashboard({ site }: BlueprintInput): Dashboard {
  return {
    uid: uids.edge,
    title: "Way in",
    description: "Pages as clients see them, and what brings clients to them.",
    folder: folders.platform,
    variables: [],
    links: [uids.overview, ...(site.mesh === undefined ? [] : [uids.mesh])],
    rows: [
      pages(),
      ...(site.edge === undefined ? [] : [proxies(site.edge)]),
      ...(standbyInstalled(site) ? [standbyRow()] : []),
    ],
  };
}

function pages(): PanelRow {
  return {
    title: "Pages from outside",
    panels: [
      number(
        "Pages that answer",
        "Share of the exposed pages that answer as they should.",
        "percentunit",
        `avg(probe_success${urls})`,
        wholeIsWell,
      ),
      table(
        "Pages that do not",
        "Exposed pages whose probe fails now.",
        "none",
        `probe_success${urls} == 0`,
        { instance: "Page" },
        { width: 8 },
      ),
      lines("Time to answer", "From the start of a probe to the last byte of the answer.", "s", [
        [`probe_duration_seconds${urls}`, "{{instance}}"],
      ]),
    ],
  };
}

function proxies({ address, secondAddress }: NonNullable<Site["edge"]>): PanelRow {
  const shared = [address, secondAddress].filter((one) => one !== undefined);
  const held = `address=~"${shared.map((one) => one.replaceAll(".", "[.]")).join("|")}"`;
  return {
    title: "Proxies on edge hosts",
    panels: [
      ...(shared.length === 0
        ? []
        : [
            table(
              "Who holds shared addresses",
              "Each address stands once, at the host that clients reach. Twice, or not at all, is a fault.",
              "none",
              `node_network_address_info${fromHosts(held)}`,
              { address: "Address", host: "Host", device: "Card" },
              { height: 4 },
            ),
          ]),
      number("Proxies up", "haproxy on edge hosts.", "none", `sum(up${haproxy()})`, oneIsWell),
      number(
        "Servers down",
        "Servers behind the proxies that are not used because their check fails.",
        "none",
        `sum(haproxy_server_status${haproxy('state="DOWN"')})`,
        noneIsWell,
      ),
      number(
        "Backends without servers",
        "What cannot be reached at all.",
        "none",
        `sum(haproxy_backend_active_servers${haproxy()} == bool 0)`,
        noneIsWell,
      ),
      lines(
        "Connections",
        "Open connections at each proxy. Those of the host without the shared address are only checks.",
        "none",
        [
          [
            `sum by (host, proxy) (haproxy_frontend_current_sessions${haproxy()})`,
            "{{host}} {{proxy}}",
          ],
        ],
      ),
      lines("Bytes", "What comes in and goes out.", "Bps", [
        [`sum by (host) (rate(haproxy_frontend_bytes_in_total${haproxy()}[5m]))`, "{{host}} in"],
        [`sum by (host) (rate(haproxy_frontend_bytes_out_total${haproxy()}[5m]))`, "{{host}} out"],
      ]),
      lines("Failed connections", "Connections to servers that could not be made.", "ops", [
        [
          `sum by (host, proxy) (rate(haproxy_backend_connection_errors_total${haproxy()}[5m]))`,
          "{{host}} {{proxy}}",
        ],
      ]),
    ],
  };
}

function standbyRow(): PanelRow {
  return {
    title: "Standby",
    panels: [
      lines(
        "Requests by status",
        "What went through Traefik.",
        "reqps",
        [[`sum by (code) (rate(traefik_entrypoint_requests_total${standby}[5m]))`, "{{code}}"]],
        { stacked: true },
      ),
      lines("Time to answer", "99 in a hundred are faster.", "s", [
        [
          `histogram_quantile(0.99, sum by (le, entrypoint) (rate(traefik_entrypoint_request_duration_seconds_bucket${standby}[5m])))`,
          "{{entrypoint}}",
        ],
      ]),
    ],
  };
}
