import { fields, groupKind, items, type KubernetesObject } from "./objects";
import { containersOf, type PlacedContainer, podTemplate } from "./pods";

/** Resources that a container is given, and where they are written. */
export interface PlacedResources {
  /** `spec.template.spec.containers[0].resources` */
  readonly path: string;
  readonly resources: Readonly<Record<string, unknown>>;
  readonly role: PlacedContainer["role"];
}

/** Pods of one kind that come of an object: by Kubernetes itself, or by the operator that an object is for. */
export interface PodGroup {
  readonly containers: readonly PlacedResources[];
  /** Labels of the Pods; empty where an operator decides. */
  readonly labels: Readonly<Record<string, unknown>>;
  /** What says where they may run: `nodeSelector`, `affinity` and `tolerations`. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** Pods at once; one per node is Infinity. */
  readonly replicas: number;
  /** Pods that each node has of its own, by node: where its disks are. */
  readonly pinned?: ReadonlyMap<string, number>;
}

/** All Pods that come of an object; none for most. */
export function podGroups(object: KubernetesObject | undefined): readonly PodGroup[] {
  const template = podTemplate(object);
  if (template !== undefined) {
    const { metadata, spec, replicas } = template;
    const containers = [...containersOf(template)].map(
      ({ path, container, role }): PlacedResources => ({
        path: `${path}.resources`,
        resources: fields(container.resources),
        role,
      }),
    );
    return [{ containers, labels: fields(metadata.labels), spec, replicas }];
  }
  if (object === undefined) return [];
  const kind = groupKind(object);
  return Object.hasOwn(operators, kind) ? (operators[kind]?.(fields(object.spec)) ?? []) : [];
}

type Spec = Readonly<Record<string, unknown>>;

/** Kinds of which operators make Pods. Sidecars that an operator adds are in the settings of the operator. */
const operators: Readonly<Record<string, (spec: Spec) => readonly PodGroup[]>> = {
  "monitoring.coreos.com/Prometheus": prometheus,
  "monitoring.coreos.com/Alertmanager": prometheus,
  "monitoring.coreos.com/ThanosRuler": prometheus,
  "ceph.rook.io/CephCluster": cephCluster,
  "ceph.rook.io/CephFilesystem": ({ metadataServer }) => {
    const { activeCount, activeStandby, placement, resources } = fields(metadataServer);
    const replicas = count(activeCount, 1) * (activeStandby === true ? 2 : 1);
    return [
      { ...main("spec.metadataServer.resources", resources), ...placed(placement), replicas },
    ];
  },
  "ceph.rook.io/CephObjectStore": ({ gateway }) => {
    const { instances, placement, resources } = fields(gateway);
    const replicas = count(instances, 1);
    return [{ ...main("spec.gateway.resources", resources), ...placed(placement), replicas }];
  },
  "csi.ceph.io/Driver": ({ controllerPlugin, nodePlugin }) => [
    driver("controllerPlugin", controllerPlugin, count(fields(controllerPlugin).replicas, 1)),
    driver("nodePlugin", nodePlugin, Number.POSITIVE_INFINITY),
  ],
};

function prometheus(spec: Spec): readonly PodGroup[] {
  const replicas = count(spec.replicas, 1) * count(spec.shards, 1);
  return [{ ...main("spec.resources", spec.resources), spec, replicas }];
}

function cephCluster(spec: Spec): readonly PodGroup[] {
  const { crashCollector, logCollector, mgr, mon, placement, resources, storage } = spec;
  const logs = fields(logCollector).enabled === true ? ["logcollector"] : [];
  const managers = count(fields(mgr).count, 2);
  const disks = items(fields(storage).nodes)
    .map(fields)
    .map(
      ({ name, devices }) => [typeof name === "string" ? name : "", items(devices).length] as const,
    );
  const collects = fields(crashCollector).disable !== true;
  const daemon = (names: readonly string[], replicas: number): PodGroup => ({
    containers: names.map((name) => beside(`spec.resources.${name}`, fields(resources)[name])),
    labels: {},
    ...placed({ ...fields(fields(placement).all), ...fields(fields(placement)[names[0] ?? ""]) }),
    replicas,
  });
  return [
    daemon(["mon", ...logs], count(fields(mon).count, 3)),
    daemon(["mgr", ...(managers > 1 ? ["mgr-sidecar"] : []), ...logs], managers),
    { ...daemon(["osd", ...logs], 0), pinned: new Map(disks) },
    ...(collects ? [daemon(["crashcollector", "exporter"], Number.POSITIVE_INFINITY)] : []),
  ];
}

/** A CSI driver's Pods: the driver itself, and helpers as far as they are spoken of. */
function driver(key: string, given: unknown, replicas: number): PodGroup {
  const { resources, affinity, tolerations } = fields(given);
  const own = fields(resources);
  const containers = [...new Set(["plugin", ...Object.keys(own)])].map((name) =>
    beside(`spec.${key}.resources.${name}`, own[name]),
  );
  return { containers, labels: {}, spec: { affinity, tolerations }, replicas };
}

function main(path: string, resources: unknown): Pick<PodGroup, "containers" | "labels"> {
  return { containers: [beside(path, resources)], labels: {} };
}

function beside(path: string, resources: unknown): PlacedResources {
  return { path, resources: fields(resources), role: "main" };
}

/** Rook's placement as the spec of a Pod. */
function placed(placement: unknown): Pick<PodGroup, "spec"> {
  const { nodeAffinity, tolerations } = fields(placement);
  return { spec: { affinity: { nodeAffinity }, tolerations } };
}

function count(given: unknown, otherwise: number): number {
  return typeof given === "number" ? given : otherwise;
}
