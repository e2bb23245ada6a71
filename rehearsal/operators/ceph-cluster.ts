import type { KubeApi, KubeObject } from "../kubekey/cluster/kube-api";
import { type DiskFinding, lookAtDisk } from "./ceph-disks";
import { type Found, type Operator, writeStatus } from "./operator";
import { apart, deploymentOf, keep, keepRunning } from "./pods";

/** The part of a CephCluster that matters here. */
export interface CephClusterSpec {
  readonly cephVersion?: { readonly image?: string };
  readonly mon?: { readonly count?: number; readonly allowMultiplePerNode?: boolean };
  readonly mgr?: { readonly count?: number };
  readonly dashboard?: { readonly enabled?: boolean; readonly ssl?: boolean };
  readonly placement?: Readonly<Record<string, Placement | undefined>>;
  readonly resources?: Readonly<Record<string, unknown>>;
  readonly storage?: {
    readonly useAllNodes?: boolean;
    readonly useAllDevices?: boolean;
    readonly nodes?: readonly {
      readonly name: string;
      readonly devices?: readonly { readonly name: string }[];
    }[];
  };
}

export interface Placement {
  readonly nodeAffinity?: unknown;
  readonly podAntiAffinity?: unknown;
  readonly tolerations?: readonly unknown[];
}

export interface Disk {
  readonly host: string;
  readonly path: string;
}

/** Disks that a cluster names. */
export function disksOf({ storage }: CephClusterSpec): readonly Disk[] {
  return (storage?.nodes ?? []).flatMap(({ name, devices = [] }) =>
    devices.map((device) => ({ host: name, path: device.name })),
  );
}

/** What Rook would fail with, in its words as far as it has any; undefined when nothing is wrong. */
export function clusterFault(
  spec: CephClusterSpec,
  nodes: readonly string[],
  findings: ReadonlyMap<Disk, DiskFinding>,
): string | undefined {
  const { cephVersion, mon, storage } = spec;
  const count = mon?.count ?? 0;
  if (!/:v\d+\.\d+\.\d+/.test(cephVersion?.image ?? "")) {
    return `failed to detect the ceph version: image ${cephVersion?.image ?? "is not named"}`;
  }
  if (count < 1 || count > 9 || count % 2 === 0) {
    return `mon count must be odd and from 1 to 9, is ${count}`;
  }
  if (storage?.useAllNodes === true || storage?.useAllDevices === true) {
    return "useAllNodes and useAllDevices would take every empty disk of every node";
  }
  const unknown = (storage?.nodes ?? []).find(({ name }) => !nodes.includes(name));
  if (unknown !== undefined) return `failed to start osds: node "${unknown.name}" is not found`;
  if (findings.size === 0) return "failed to start osds: no device is named";
  for (const [{ host, path }, finding] of findings) {
    if (finding === "missing")
      return `failed to start osds: device "${path}" is not found on ${host}`;
  }
  return undefined;
}

type Running = readonly { readonly what: string; readonly ready: boolean }[];

async function look(found: Found, api: KubeApi): Promise<void> {
  const { object } = found;
  const spec = object.spec as CephClusterSpec;
  if ("deletionTimestamp" in object.metadata) return;
  const list = await api.get<{ items: readonly KubeObject[] }>("/api/v1/nodes");
  const nodes = (list?.items ?? []).map(({ metadata }) => metadata.name);
  const alive = await daemonsOf(api, object.metadata.namespace ?? "");
  const disks = disksOf(spec);
  const findings = new Map(
    // A disk that Ceph has taken is in use, and by right.
    disks.map((disk) => [
      disk,
      alive.has(osdName(disk)) ? "empty" : lookAtDisk(disk.host, disk.path),
    ]),
  );
  const fault = clusterFault(spec, nodes, findings);
  if (fault !== undefined) {
    const status = { phase: "Failure", state: "Error", message: fault };
    return writeStatus(api, found, status);
  }
  const usable = disks.filter((disk) => findings.get(disk) === "empty");
  const running = await start(api, object, spec, usable);
  const late = running.find(({ ready }) => !ready);
  if (late !== undefined) {
    const message = `Configuring Ceph ${late.what}`;
    // As with the real operator, what was ready once stays so while it is changed.
    const phase = (object.status as { phase?: string } | undefined)?.phase === "Ready";
    return writeStatus(api, found, {
      phase: phase ? "Ready" : "Progressing",
      state: phase ? "Updating" : "Creating",
      message,
    });
  }
  await keepSecrets(api, object, spec);
  await writeStatus(api, found, readyStatus(spec, usable.length));
}

export function readyStatus(spec: CephClusterSpec, osds: number) {
  const image = spec.cephVersion?.image ?? "";
  const few = osds < 3;
  const warning = {
    message: `OSD count ${osds} < osd_pool_default_size 3`,
    severity: "HEALTH_WARN",
  };
  return {
    phase: "Ready",
    state: "Created",
    message: "Cluster created successfully",
    ceph: {
      health: few ? "HEALTH_WARN" : "HEALTH_OK",
      ...(few && { details: { TOO_FEW_OSDS: warning } }),
    },
    version: { image, version: `${/:v([\d.]+)/.exec(image)?.[1] ?? ""}-0` },
    storage: { osd: { storeType: { bluestore: osds } } },
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "ClusterCreated",
        message: "Cluster created successfully",
      },
    ],
  };
}

/** Daemons, one after the other as Rook starts them; each is waited for before the next. */
async function start(
  api: KubeApi,
  owner: KubeObject,
  spec: CephClusterSpec,
  disks: readonly Disk[],
): Promise<Running> {
  const { all = {} } = spec.placement ?? {};
  const image = spec.cephVersion?.image ?? "";
  const daemon = (kind: "mon" | "mgr" | "osd", id: string, account: string) => ({
    name: `rook-ceph-${kind}-${id}`,
    namespace: owner.metadata.namespace ?? "",
    labels: { app: `rook-ceph-${kind}`, "ceph-daemon-id": id },
    account,
    image,
    containers: { [kind]: spec.resources?.[kind], "log-collector": spec.resources?.logcollector },
    tolerations: [...(all.tolerations ?? []), ...(spec.placement?.[kind]?.tolerations ?? [])],
    affinity: {
      nodeAffinity: spec.placement?.[kind]?.nodeAffinity ?? all.nodeAffinity ?? {},
      ...(kind !== "osd" && apart(`rook-ceph-${kind}`)),
    },
  });
  const letters = (count: number) => [..."abcdefghi"].slice(0, count);
  const wanted = [
    ...letters(spec.mon?.count ?? 0).map((id) => ({
      what: "Mons",
      pods: daemon("mon", id, "rook-ceph-default"),
    })),
    ...letters(spec.mgr?.count ?? 1).map((id) => ({
      what: "Mgr(s)",
      pods: daemon("mgr", id, "rook-ceph-mgr"),
    })),
    ...disks.map((disk) => ({
      what: "OSDs",
      pods: {
        ...daemon("osd", osdId(disk), "rook-ceph-osd"),
        nodeSelector: { "kubernetes.io/hostname": disk.host },
      },
    })),
  ];
  const running: { what: string; ready: boolean }[] = [];
  for (const { what, pods } of wanted) {
    running.push({ what, ready: await keepRunning(api, owner, deploymentOf(pods, 1)) });
  }
  return running;
}

/** Real daemons are numbered; a name of the disk's own needs no memory of the numbers. */
function osdId({ host, path }: Disk): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return `${host}-${name.replace(/[^a-z0-9]+/g, "-")}`.slice(0, 50).replace(/-+$/, "");
}

function osdName(disk: Disk): string {
  return `rook-ceph-osd-${osdId(disk)}`;
}

async function daemonsOf(api: KubeApi, namespace: string): Promise<ReadonlySet<string>> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments?labelSelector=app%3Drook-ceph-osd`;
  const list = await api.get<{ items: readonly KubeObject[] }>(path);
  return new Set((list?.items ?? []).map(({ metadata }) => metadata.name));
}

/** What drivers and people log in with, and the dashboard's address. */
async function keepSecrets(api: KubeApi, owner: KubeObject, spec: CephClusterSpec): Promise<void> {
  const namespace = owner.metadata.namespace ?? "";
  const names = [
    ...["rbd", "cephfs"].flatMap((driver) => [
      `rook-csi-${driver}-provisioner`,
      `rook-csi-${driver}-node`,
    ]),
    ...(spec.dashboard?.enabled === true ? ["rook-ceph-dashboard-password"] : []),
  ];
  for (const name of names) {
    await keep(api, owner, `/api/v1/namespaces/${namespace}/secrets/${name}`, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace },
      stringData: { password: "none: this is a rehearsal" },
    });
  }
  if (spec.dashboard?.enabled !== true) return;
  const name = "rook-ceph-mgr-dashboard";
  const port = spec.dashboard.ssl === false ? 7000 : 8443;
  await keep(api, owner, `/api/v1/namespaces/${namespace}/services/${name}`, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: {
      selector: { app: "rook-ceph-mgr" },
      ports: [{ name: "dashboard", port, targetPort: port }],
    },
  });
}

/** Stands for Rook as far as the cluster itself goes. */
export const cephCluster: Operator = {
  name: "rook",
  watches: ["/apis/ceph.rook.io/v1/cephclusters"],
  look,
};
