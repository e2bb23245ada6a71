import type { BlueprintInput } from "../blueprint-input";
import { nodeTaints, ownPrefix } from "../nodes";
import type { Resources } from "../pod-types";
import type { SiteHost } from "../schema/site";
import type { CephDevice, CephSettings } from "../schema/storage";
import { chartBlueprint, podSecurity } from "./parts";
import { cephPods } from "./storage-ceph-pods";
import { storageClasses } from "./storage-classes";
import { programImage, provisionerResources } from "./storage-programs";
import type {
  CephBlueprint,
  CephDaemon,
  CephDeviceBlueprint,
  CephPlacement,
  StorageBlueprint,
} from "./storage-types";

const namespace = "rook-ceph";
export const snapshotNamespace = "snapshot-controller";
const snapshotProgram = "snapshot-controller";

/** Least number of zones before copies are kept apart by zone: with two, one lost zone stops all writes. */
const leastZones = 3;

const defaultResources: Readonly<Record<CephDaemon, Resources>> = {
  mon: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
  mgr: { requests: { cpu: "500m", memory: "512Mi" }, limits: { cpu: "2", memory: "1Gi" } },
  // Ceph sizes its cache by the request; a lower limit would have it killed.
  osd: { requests: { cpu: "1", memory: "4Gi" }, limits: { cpu: "4", memory: "4Gi" } },
  mds: { requests: { cpu: "1", memory: "4Gi" }, limits: { cpu: "2", memory: "4Gi" } },
  rgw: { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
};

/** Ceph on the site's own storage hosts, run by Rook. */
export function cephStorage(input: BlueprintInput, settings: CephSettings): StorageBlueprint {
  const { hosts } = input.site;
  const ceph = cephBlueprint(input, settings);
  const chart = (name: string) => chartBlueprint(input, name, name, namespace);
  return {
    kind: "ceph",
    classes: storageClasses({ kind: "ceph", ceph: settings }),
    // In the order in which they must be installed and upgraded.
    charts: [chart("rook-ceph"), chart("ceph-csi-drivers"), chart("rook-ceph-cluster")],
    crds: ["rook", "ceph-csi-operator", ...(ceph.snapshots ? ["external-snapshotter"] : [])],
    programs: ceph.snapshots ? [snapshotProgram] : [],
    namespaces: [
      // Daemons open disks and mount volumes for others.
      { name: namespace, labels: podSecurity("privileged"), holdsData: true },
      ...(ceph.snapshots ? [{ name: snapshotNamespace, labels: podSecurity("restricted") }] : []),
    ],
    pods: cephPods(ceph, hosts, input.site.capacity.spareNodes),
    ceph,
    ...(ceph.snapshots && {
      snapshotController: {
        namespace: snapshotNamespace,
        image: programImage(input, snapshotProgram, snapshotProgram),
        replicas: 2,
        placement: ceph.placement,
        resources: provisionerResources,
      },
    }),
  };
}

function cephBlueprint(input: BlueprintInput, settings: CephSettings): CephBlueprint {
  const { name, site, catalogue } = input;
  const { block, filesystem, object, defaultClass, resources, replicas } = settings;
  const members = storageHosts(site.hosts);
  const { charts } = catalogue.platform;
  return {
    namespace,
    image: charts["rook-ceph-cluster"]?.images.find((image) => image.includes("/ceph/ceph:")) ?? "",
    rook: charts["rook-ceph"]?.version ?? "",
    hosts: Object.entries(settings.devices)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([host, devices]) => ({ name: host, devices: devices.map(deviceBlueprint) })),
    placement: placementOn(members),
    failureDomain: failureDomain(
      members.filter((host) => Object.hasOwn(settings.devices, host.name)),
      replicas,
    ),
    replicas,
    monitors: settings.monitors,
    managers: Math.max(1, Math.min(2, members.length)),
    resources: {
      mon: resources.mon ?? defaultResources.mon,
      mgr: resources.mgr ?? defaultResources.mgr,
      osd: resources.osd ?? defaultResources.osd,
      mds: resources.mds ?? defaultResources.mds,
      rgw: resources.rgw ?? defaultResources.rgw,
    },
    reclaim: settings.reclaim,
    block: {
      pool: "ceph-blockpool",
      class: block.class,
      default: defaultClass === "block",
    },
    ...(filesystem.enabled && {
      filesystem: {
        name: "ceph-filesystem",
        class: filesystem.class,
        default: defaultClass === "filesystem",
      },
    }),
    ...(object.enabled && {
      object: { name: "ceph-objectstore", class: object.class, gateways: object.gateways },
    }),
    snapshots: settings.snapshots,
    dashboard: settings.dashboard,
    // Its definitions come with the site's own Prometheus, which no site has yet.
    monitoring: false,
    csiControllers: Math.max(1, Math.min(2, members.length)),
    erasable: settings.eraseOnDelete === name,
  };
}

/** Hosts that Ceph's daemons may run on. */
export function storageHosts(hosts: readonly SiteHost[]): readonly SiteHost[] {
  return hosts.filter((host) => host.roles.includes("storage"));
}

/** What copies are kept apart by: zones where that leaves every copy a zone of its own, else hosts. */
export function failureDomain(hosts: readonly SiteHost[], replicas: number): "host" | "zone" {
  const zones = new Set(hosts.flatMap(({ zone }) => zone ?? []));
  const all = hosts.every(({ zone }) => zone !== undefined);
  return all && zones.size >= Math.max(leastZones, replicas) ? "zone" : "host";
}

function placementOn(members: readonly SiteHost[]): CephPlacement {
  const repelling = members.flatMap((host) =>
    nodeTaints(host).filter(({ effect }) => effect !== "PreferNoSchedule"),
  );
  return {
    nodeLabel: { key: `${ownPrefix}storage`, value: "true" },
    tolerates: [...new Set(repelling.map(({ key }) => key))].sort(),
  };
}

function deviceBlueprint(device: CephDevice): CephDeviceBlueprint {
  const { path, sizeGiB, metadataPath } = device;
  return {
    path,
    sizeGiB,
    ...(device.class !== undefined && { class: device.class }),
    ...(metadataPath !== undefined && { metadataPath }),
  };
}
