import type { StorageReadyRequest } from "../../../components/support/step-request";
import type { KubeObject } from "./kubectl";

/** Ceph as its objects show it, and what it still lacks. */
export interface CephState {
  readonly health: string;
  readonly version: string;
  /** What Ceph itself warns of, in its own words. */
  readonly warnings: readonly string[];
  /** What is not yet so, a sentence each; empty when everything is. */
  readonly missing: readonly string[];
}

export interface CephObjects {
  readonly cluster: KubeObject | undefined;
  /** Deployments of disks' daemons. */
  readonly osds: readonly KubeObject[];
  readonly deployments: readonly KubeObject[];
  readonly daemonSets: readonly KubeObject[];
}

/** Compares what there is with what is wanted. */
export function cephState(
  wanted: NonNullable<StorageReadyRequest["ceph"]>,
  { cluster, osds, deployments, daemonSets }: CephObjects,
): CephState {
  const { status = {} } = cluster ?? {};
  const health = String(status.ceph?.health ?? "");
  const details = (status.ceph?.details ?? {}) as Readonly<Record<string, { message?: string }>>;
  const image = status.version?.image;
  const missing = [
    ...(cluster === undefined ? ["there is no CephCluster"] : []),
    ...(cluster !== undefined && status.phase !== "Ready" ? [phaseText(status)] : []),
    ...(health === "HEALTH_OK" || health === "HEALTH_WARN"
      ? []
      : [`its health is ${health || "not known"}${detailText(details)}`]),
    ...(image === wanted.image
      ? []
      : [`it runs ${image ?? "no known image"}, not ${wanted.image}`]),
    ...Object.entries(wanted.disks).flatMap(([host, count]) => {
      const there = osds.filter((osd) => hostOf(osd) === host && isAvailable(osd)).length;
      return there >= count
        ? []
        : [
            `${host} has daemons for ${there} of ${count} disks: a disk that is not empty is left alone`,
          ];
    }),
    ...wanted.drivers.flatMap((driver) => [
      ...workloadMissing(deployments, `${driver}-ctrlplugin`),
      ...workloadMissing(daemonSets, `${driver}-nodeplugin`),
    ]),
  ];
  const warnings = Object.entries(details).map(([name, { message = "" }]) => `${name} ${message}`);
  return { health, version: String(status.version?.version ?? ""), warnings, missing };
}

function phaseText(status: { phase?: unknown; message?: unknown }): string {
  const message = status.message ? ` (${String(status.message)})` : "";
  return `its phase is ${String(status.phase ?? "not known")}${message}`;
}

function detailText(details: Readonly<Record<string, { message?: string }>>): string {
  const texts = Object.entries(details).map(([name, { message = "" }]) => `${name} ${message}`);
  return texts.length === 0 ? "" : ` (${texts.join("; ")})`;
}

/** The host that a disk's daemon is bound to. */
function hostOf(osd: KubeObject): unknown {
  return (
    osd.spec?.template?.spec?.nodeSelector?.["kubernetes.io/hostname"] ??
    osd.metadata?.labels?.["topology-location-host"]
  );
}

function isAvailable({ spec, status }: KubeObject): boolean {
  return (status?.availableReplicas ?? 0) >= (spec?.replicas ?? 1);
}

function workloadMissing(all: readonly KubeObject[], name: string): readonly string[] {
  const found = all.find(({ metadata }) => metadata?.name === name);
  if (found === undefined) return [`there is no ${name}`];
  const { status = {}, spec = {} } = found;
  const wanted = status.desiredNumberScheduled ?? spec.replicas ?? 1;
  const ready = status.numberReady ?? status.availableReplicas ?? 0;
  return ready >= wanted && wanted > 0 ? [] : [`${name} has ${ready} of ${wanted} Pods`];
}
