import { etcdFigures } from "../../platform/monitoring-place";
import { nightingaleNamespace } from "../../platform/nightingale-place";
import { standbyInstalled } from "../../platform/routes";
import type { Release } from "../../schema/release";
import type { Site } from "../../schema/site";
import type { RuleFile, RuleGroup } from "../rule-types";
import { backupRules } from "./backups";
import { cephRules } from "./ceph";
import { certificateRules } from "./certificates";
import { configCentreRules } from "./config-centre";
import { controlPlaneRules } from "./control-plane";
import { deliveryRules } from "./delivery";
import { diskRules } from "./disks";
import { addressRules, edgeRules } from "./edge";
import { etcdRules } from "./etcd";
import { expiryRules } from "./expiries";
import { hostFigures, podFigures } from "./figures";
import { hostRules } from "./hosts";
import { loggingRules } from "./logging";
import { meshRules } from "./mesh";
import { monitoringRules } from "./monitoring";
import { nightingaleRules } from "./nightingale";
import { nodeRules } from "./nodes";
import { podRules } from "./pods";
import { registryRules } from "./registry";
import { standbyRules, urlRules } from "./urls";
import { volumeRules } from "./volumes";
import { windowsRules } from "./windows";

/** Rules over hosts, cluster and platform: of parts that the site has, and of no other. */
export function systemRules(site: Site, release: Release): readonly RuleFile[] {
  const { monitoring, alerts, storage, mesh, edge } = site;
  const product = Object.keys(release.namespaces).sort();
  const etcd = site.hosts.filter(({ roles }) => roles.includes("etcd")).length;
  const apiServers = site.hosts.filter(({ roles }) => roles.includes("control-plane")).length;
  const shared = sharedAddresses(site);
  const expiries = alerts?.expiries ?? {};
  const there = (condition: boolean, ...groups: readonly RuleGroup[]) => (condition ? groups : []);
  const groups: readonly RuleGroup[] = [
    hostFigures,
    podFigures,
    monitoringRules,
    hostRules,
    diskRules,
    ...there(monitoring?.windows !== undefined, windowsRules),
    nodeRules,
    podRules(product),
    volumeRules,
    controlPlaneRules(apiServers),
    ...there(etcdFigures(site) !== undefined, etcdRules(etcd)),
    backupRules,
    ...there(storage?.kind === "ceph", cephRules),
    registryRules,
    ...there(site.certificates !== undefined, certificateRules),
    ...there(mesh !== undefined, meshRules(mesh?.mode === "sidecar")),
    ...there(edge?.mode === "keepalived", edgeRules),
    ...there(shared.length > 0, addressRules(shared)),
    urlRules,
    ...there(standbyInstalled(site), standbyRules),
    ...there(site.logging !== undefined, loggingRules),
    ...there(site.nightingale !== undefined, nightingaleRules(nightingaleNamespace)),
    ...there(site.delivery !== undefined, deliveryRules),
    ...there(site.configCentre !== undefined, configCentreRules),
    ...there(Object.keys(expiries).length > 0, expiryRules(expiries)),
  ];
  return groups.map((group) => ({ name: group.name, dimension: "system", groups: [group] }));
}

/** Addresses that hosts hand to each other. */
function sharedAddresses({ edge, cluster }: Pick<Site, "edge" | "cluster">): readonly string[] {
  const { mode, address } = cluster.endpoint;
  return [
    ...(edge?.mode === "keepalived" ? [edge.address, edge.secondAddress] : []),
    ...(mode === "keepalived" || mode === "kube-vip" ? [address] : []),
  ].filter((one) => one !== undefined);
}
