import { jobs } from "../alerting/jobs";
import { scrapeLabels } from "../alerting/scrape-labels";
import { ownValue } from "../path";
import type { MonitoringSettings } from "../schema/monitoring";
import type { ExporterGroup } from "../schema/monitoring-targets";
import type { Site } from "../schema/site";
import type { ScrapeBlueprint } from "./monitoring-target-types";

/** What is read from machines that are no nodes of the cluster. */

/** Groups of machines that a site states, each with its place in the site and the job it gets. */
export function statedGroups({
  hosts,
  windows,
  targets,
}: Pick<MonitoringSettings, "hosts" | "windows" | "targets">): readonly {
  readonly path: readonly string[];
  readonly name: string;
  readonly job: string;
  readonly group: ExporterGroup;
}[] {
  const further = Object.entries(targets).sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    ...(hosts === undefined
      ? []
      : [{ path: ["hosts"], name: "hosts", job: jobs.hosts, group: hosts }]),
    ...(windows === undefined
      ? []
      : [{ path: ["windows"], name: "windows", job: jobs.windows, group: windows }]),
    ...further.map(([job, group]) => ({
      path: ["targets", job],
      name: `targets-${job}`,
      job,
      group,
    })),
  ];
}

/** Where a machine of a group answers; undefined where the site does not say. */
export function machineAddress(
  { hosts }: Pick<Site, "hosts">,
  name: string,
  group: ExporterGroup,
): string | undefined {
  const stated = ownValue(group.machines, name);
  const address = stated?.address ?? hosts.find((host) => host.name === name)?.address;
  return address === undefined ? undefined : `${address}:${stated?.port ?? group.port}`;
}

export function siteScrapes(
  site: Site,
  monitoring: MonitoringSettings,
): readonly ScrapeBlueprint[] {
  return [
    ...statedGroups(monitoring).map(({ name, job, group }) => scrape(site, name, job, group)),
    ...edgeProxies(site),
  ];
}

function scrape(
  site: Pick<Site, "hosts">,
  name: string,
  job: string,
  group: ExporterGroup,
): ScrapeBlueprint {
  const { path, intervalSeconds, user, passwordSecret, tls, machines } = group;
  return {
    name,
    job,
    path,
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    ...(user !== undefined && passwordSecret !== undefined && { login: { user, passwordSecret } }),
    ...(tls !== undefined && {
      tls: {
        ...(tls.ca !== undefined && { ca: tls.ca }),
        ...(tls.serverName !== undefined && { serverName: tls.serverName }),
      },
    }),
    targets: Object.entries(machines)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([host, { labels }]) => {
        const address = machineAddress(site, host, group);
        return address === undefined
          ? []
          : [{ address, labels: { ...labels, [scrapeLabels.host]: host } }];
      }),
  };
}

/** The proxies of edge hosts show figures beside their page of the same. */
function edgeProxies({ edge, hosts }: Site): readonly ScrapeBlueprint[] {
  if (edge?.mode !== "keepalived") return [];
  const { port } = edge.stats;
  return [
    {
      name: "haproxy",
      job: jobs.haproxy,
      path: "/metrics",
      targets: hosts
        .filter(({ roles }) => roles.includes("edge"))
        .map(({ name, address }) => ({
          address: `${address}:${port}`,
          labels: { [scrapeLabels.host]: name },
        })),
    },
  ];
}
