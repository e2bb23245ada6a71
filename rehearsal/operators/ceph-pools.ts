import type { KubeApi, KubeObject } from "../kubekey/cluster/kube-api";
import { type CephClusterSpec, disksOf, type Placement } from "./ceph-cluster";
import { type Found, type Operator, writeStatus } from "./operator";
import { apart, deploymentOf, keepRunning } from "./pods";

/** Pools, file systems and object stores, as far as they matter here. */
interface PoolSpec {
  readonly failureDomain?: string;
  readonly replicated?: { readonly size?: number };
}

interface ServedSpec {
  readonly metadataPool?: PoolSpec;
  readonly dataPool?: PoolSpec;
  readonly dataPools?: readonly PoolSpec[];
  readonly metadataServer?: Daemons & {
    readonly activeCount?: number;
    readonly activeStandby?: boolean;
  };
  readonly gateway?: Daemons & { readonly instances?: number };
}

interface Daemons {
  readonly placement?: Placement;
  readonly resources?: unknown;
}

/** Why copies of this pool cannot all be placed; undefined when they can. */
export function poolFault(
  { failureDomain = "host", replicated }: PoolSpec,
  hosts: readonly { readonly name: string; readonly zone?: string | undefined }[],
): string | undefined {
  const size = replicated?.size ?? 0;
  if (size < 1) return "the pool is neither replicated nor erasure coded";
  const domains = new Set(hosts.map(({ name, zone }) => (failureDomain === "zone" ? zone : name)));
  domains.delete(undefined);
  if (failureDomain !== "zone" && failureDomain !== "host") {
    return `unknown failure domain ${failureDomain}`;
  }
  if (domains.size >= size) return undefined;
  return `${size} copies need ${size} ${failureDomain}s with disks, and there are ${domains.size}`;
}

async function look(found: Found, api: KubeApi): Promise<void> {
  const { object } = found;
  if ("deletionTimestamp" in object.metadata) return;
  const namespace = object.metadata.namespace ?? "";
  const clusters = await api.get<{ items: readonly KubeObject[] }>(
    `/apis/ceph.rook.io/v1/namespaces/${namespace}/cephclusters`,
  );
  const cluster = clusters?.items[0];
  const phase = (cluster?.status as { phase?: string } | undefined)?.phase;
  if (cluster === undefined || phase !== "Ready") {
    return writeStatus(api, found, { phase: "Progressing" });
  }
  const spec = cluster.spec as CephClusterSpec;
  const fault = await faultOf(object, spec, api);
  if (fault !== undefined) {
    return writeStatus(api, found, { phase: "Failure", info: { message: fault } });
  }
  const ready = await keepDaemons(api, object, spec);
  await writeStatus(api, found, { phase: ready ? "Ready" : "Progressing" });
}

async function faultOf(
  object: KubeObject,
  cluster: CephClusterSpec,
  api: KubeApi,
): Promise<string | undefined> {
  const list = await api.get<{ items: readonly KubeObject[] }>("/api/v1/nodes");
  const withDisks = new Set(disksOf(cluster).map(({ host }) => host));
  const hosts = (list?.items ?? [])
    .filter(({ metadata }) => withDisks.has(metadata.name))
    .map(({ metadata }) => ({
      name: metadata.name,
      zone: metadata.labels?.["topology.kubernetes.io/zone"],
    }));
  const spec = object.spec as PoolSpec & ServedSpec;
  const pools =
    object.kind === "CephBlockPool"
      ? [spec]
      : object.kind === "CephFilesystemSubVolumeGroup"
        ? []
        : [spec.metadataPool ?? {}, ...(spec.dataPool ? [spec.dataPool] : (spec.dataPools ?? []))];
  return pools.map((pool) => poolFault(pool, hosts)).find((fault) => fault !== undefined);
}

/** Metadata servers and gateways; true once all are there. A placement of their own is all that they have. */
async function keepDaemons(
  api: KubeApi,
  object: KubeObject,
  cluster: CephClusterSpec,
): Promise<boolean> {
  const { metadataServer, gateway } = object.spec as ServedSpec;
  const name = object.metadata.name;
  const wanted = [
    ...(object.kind === "CephFilesystem" && metadataServer
      ? [..."abcdefghij"]
          .slice(0, (metadataServer.activeCount ?? 1) * (metadataServer.activeStandby ? 2 : 1))
          .map((id) => ({ kind: "mds", id, count: 1, daemons: metadataServer }))
      : []),
    ...(object.kind === "CephObjectStore" && gateway
      ? [{ kind: "rgw", id: "a", count: gateway.instances ?? 1, daemons: gateway }]
      : []),
  ];
  let ready = true;
  for (const { kind, id, count, daemons } of wanted) {
    const { placement = {}, resources } = daemons;
    const pods = {
      name: `rook-ceph-${kind}-${name}-${id}`,
      namespace: object.metadata.namespace ?? "",
      labels: { app: `rook-ceph-${kind}`, "ceph-daemon-id": `${name}-${id}` },
      account: kind === "rgw" ? "rook-ceph-rgw" : "rook-ceph-default",
      image: cluster.cephVersion?.image ?? "",
      containers: { [kind]: resources, "log-collector": cluster.resources?.logcollector },
      tolerations: placement.tolerations ?? [],
      affinity: {
        nodeAffinity: placement.nodeAffinity ?? {},
        ...(placement.podAntiAffinity
          ? { podAntiAffinity: placement.podAntiAffinity }
          : kind === "mds" && apart("rook-ceph-mds")),
      },
    };
    ready = (await keepRunning(api, object, deploymentOf(pods, count))) && ready;
  }
  return ready;
}

/** Stands for Rook as far as what lies in the cluster goes. */
export const cephPools: Operator = {
  name: "rook-pools",
  watches: [
    "/apis/ceph.rook.io/v1/cephblockpools",
    "/apis/ceph.rook.io/v1/cephfilesystems",
    "/apis/ceph.rook.io/v1/cephfilesystemsubvolumegroups",
    "/apis/ceph.rook.io/v1/cephobjectstores",
  ],
  look,
};
