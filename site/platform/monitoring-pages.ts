import type { BlueprintInput } from "../blueprint-input";
import type { MonitoringSettings } from "../schema/monitoring";
import { alertmanager, grafana, monitoringNamespace, prometheus } from "./monitoring-place";
import type { PageBlueprint } from "./monitoring-types";
import { workloadRoutes } from "./routes";

/** Pages of monitoring that people reach through the site's ingress. */

type Stated = Pick<MonitoringSettings, "grafana" | "withoutLogin">;

/** Host names of the pages that are served, before the domain is put behind them. */
export function pageHosts({ grafana: own, withoutLogin }: Stated) {
  return [
    { name: "grafana" as const, host: own.host },
    ...[...withoutLogin].sort().map((name) => ({ name, host: name as string })),
  ];
}

const places = { grafana, prometheus, alertmanager };

/** The routes to them; none where the site has no ingress. */
export function monitoringPages(
  { site, release }: BlueprintInput,
  stated: Stated,
): readonly PageBlueprint[] {
  return pageHosts(stated).flatMap(({ name, host }) => {
    const { service, port } = places[name];
    const routes = workloadRoutes(site, release.product, service, {
      namespace: monitoringNamespace,
      ports: [{ name: "http", port }],
      expose: [{ port: "http", hosts: [host], path: "/", via: stated.grafana.via }],
    });
    return routes.map((route) => ({ name, route }));
  });
}

/** What people type for a page; undefined where it is not served. */
export function pageUrl(
  pages: readonly PageBlueprint[],
  wanted: PageBlueprint["name"],
): string | undefined {
  return pages.find(({ name }) => name === wanted)?.route.urls[0];
}
