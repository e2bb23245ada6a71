import type { Room } from "../capacity";
import type { CrossCheck } from "../check-input";
import { ownValue, type Path } from "../path";
import { type QuotaDemand, quotaDemand, times } from "../platform/tenancy-quotas";
import { type Problem, show, siteProblem } from "../problems";
import type { Site } from "../schema/site";
import {
  productNamespaceDefaults,
  type TenancyContainers,
  type TenancyQuota,
} from "../schema/tenancy";
import { withCanaries } from "../workload/canary";
import { importResources } from "../workload/centre";
import type { SharedVolumeBlueprint } from "../workload/pod-types";
import { sharedVolumes } from "../workload/volumes";
import type { WorkloadBlueprint } from "../workload/workload-types";
import { derivedWorkloads } from "./derived";

/** A namespace's bounds with their place in the file. */
interface Bounded {
  readonly path: Path;
  readonly quota?: TenancyQuota | undefined;
  readonly containers: TenancyContainers;
}

function boundedNamespaces({ tenancy }: Pick<Site, "tenancy">): readonly Bounded[] {
  if (tenancy === undefined) return [];
  const product = Object.entries(tenancy.product.namespaces).map(([key, settings]) => ({
    path: ["tenancy", "product", "namespaces", key],
    ...settings,
  }));
  const tenants = Object.entries(tenancy.workspaces).flatMap(([workspace, { namespaces }]) =>
    Object.entries(namespaces).map(([key, settings]) => ({
      path: ["tenancy", "workspaces", workspace, "namespaces", key],
      ...settings,
    })),
  );
  return [...product, ...tenants];
}

const kinds = ["cpu", "memory"] as const;

/** A container that states nothing can be made: its defaults are within the bounds and within the quota. */
const bounds: CrossCheck = {
  reads: [["tenancy"]],
  find: ({ site }) =>
    boundedNamespaces(site).flatMap(({ path, quota, containers }) => {
      const { requests, limits, most } = containers;
      const inner = [...path, "containers"];
      return [
        ...atMost(requests, limits, [...inner, "requests"], "that is at most containers.limits"),
        ...atMost(limits, most, [...inner, "limits"], "that is at most containers.most"),
        ...(quota === undefined
          ? []
          : [
              ...atMost(requests, quota.requests, [...inner, "requests"], "within quota.requests"),
              ...atMost(limits, quota.limits, [...inner, "limits"], "within quota.limits"),
            ]),
      ];
    }),
};

type Amounts = TenancyContainers["most"];

function atMost(one: Amounts, other: Amounts, path: Path, what: string): readonly Problem[] {
  return kinds.flatMap((kind) => {
    const [small, large] = [amount(one, kind), amount(other, kind)];
    const needed = `${kind === "cpu" ? "cores" : "memory"} ${what}, ${other[kind]}`;
    return small <= large ? [] : [siteProblem([...path, kind], needed, show(one[kind]))];
  });
}

function amount(amounts: Amounts, kind: (typeof kinds)[number]): number {
  const { cpuMillis, memoryMiB } = times(1, amounts);
  return kind === "cpu" ? cpuMillis : memoryMiB;
}

/** What the release runs in a namespace fits into its quota and its bounds, also while it is being replaced. */
const productRoom: CrossCheck = {
  reads: [["tenancy"], ["workloads"], ["release"], ["mesh"]],
  find: (input) => {
    const { site, release } = input;
    if (site.tenancy === undefined || release === undefined) return [];
    const workloads = withCanaries(derivedWorkloads(input));
    const { namespaces } = site.tenancy.product;
    return Object.keys(release.namespaces).flatMap((key) => {
      const settings = ownValue(namespaces, key) ?? productNamespaceDefaults;
      const path = ["tenancy", "product", "namespaces", key];
      const inside = workloads.filter(({ namespace }) => namespace === key);
      const proxies = proxiesOf(inside, site);
      const importers = inside
        .filter(({ name }) => release.workloads[name]?.centre !== undefined)
        .map((workload) => importerOf(workload));
      const before = inside.flatMap((workload) =>
        workload.init.map((one) => ({ ...one, name: `${one.name} of ${workload.name}` })),
      );
      const tooLarge = [...inside, ...before, ...proxies, ...importers].flatMap(
        ({ name, resources }) =>
          kinds
            .filter(
              (kind) => amount(resources.limits, kind) > amount(settings.containers.most, kind),
            )
            .map((kind) =>
              siteProblem(
                [...path, "containers", "most", kind],
                `at least the limit of ${name}, ${resources.limits[kind]}`,
                show(settings.containers.most[kind]),
              ),
            ),
      );
      const shared = sharedVolumes(site, release).filter(({ namespace }) => namespace === key);
      const demand = demandOf([...inside, ...importers], proxies, shared);
      return [...quotaProblems(settings.quota, demand, path), ...tooLarge];
    });
  },
};

/** The proxies that the mesh puts into Pods, each as if it were a workload. */
function proxiesOf(
  workloads: readonly WorkloadBlueprint[],
  { mesh }: Pick<Site, "mesh">,
): readonly WorkloadBlueprint[] {
  if (mesh?.mode !== "sidecar") return [];
  return workloads
    .filter((workload) => workload.mesh?.member === true)
    .map((workload) => ({
      ...workload,
      name: `the mesh's proxy beside ${workload.name}`,
      resources: mesh.proxy,
      claims: [],
      volumes: [],
      init: [],
      ports: [],
    }));
}

/** The Pod that brings a workload's entries to the config centre, as if it were a workload. */
function importerOf(workload: WorkloadBlueprint): WorkloadBlueprint {
  return {
    ...workload,
    name: `the import of entries of ${workload.name}`,
    kind: "Job",
    replicas: 1,
    resources: importResources,
    claims: [],
    volumes: [],
    init: [],
    ports: [],
  };
}

/** Proxies take resources, and no Pods of their own. */
function demandOf(
  workloads: readonly WorkloadBlueprint[],
  proxies: readonly WorkloadBlueprint[],
  shared: readonly SharedVolumeBlueprint[],
): QuotaDemand {
  const { pods } = quotaDemand(workloads);
  const demand = quotaDemand([...workloads, ...proxies]);
  return {
    ...demand,
    pods,
    claims: demand.claims + shared.length,
    storageGiB: shared.reduce((sum, { sizeGiB }) => sum + sizeGiB, demand.storageGiB),
  };
}

/** What a site lowers so that less of it is taken. */
const lessOf = {
  pods: "replicas under workloads",
  claims: "replicas under workloads",
  storageGiB: "replicas under workloads, or sizes under workloads.<name>.storage and volumes",
  nodePorts: "their number under workloads.<name>.ports",
};

function quotaProblems(
  quota: TenancyQuota | undefined,
  demand: QuotaDemand,
  path: Path,
): readonly Problem[] {
  if (quota === undefined) return [];
  const counted = (key: "pods" | "claims" | "storageGiB" | "nodePorts") => ({
    key: [key],
    wanted: demand[key],
    there: quota[key],
    shown: String(demand[key]),
    given: quota[key],
    less: lessOf[key],
  });
  const measured = (of: "requests" | "limits", kind: (typeof kinds)[number]) => ({
    key: [of, kind],
    wanted: roomOf(demand[of], kind),
    there: amount(quota[of], kind),
    shown: showAmount(demand[of], kind),
    given: quota[of][kind],
    less: "replicas or resources under workloads",
  });
  return [
    ...kinds.map((kind) => measured("requests", kind)),
    ...kinds.map((kind) => measured("limits", kind)),
    counted("pods"),
    counted("claims"),
    counted("storageGiB"),
    counted("nodePorts"),
  ]
    .filter(({ wanted, there }) => wanted > there)
    .map(({ key, shown, given, less }) =>
      siteProblem(
        [...path, "quota", ...key],
        `at least ${shown}, which the release's Pods take there, the further one of each rolling update included`,
        show(given),
        `raise it, or lower ${less}`,
      ),
    );
}

function roomOf({ cpuMillis, memoryMiB }: Room, kind: (typeof kinds)[number]): number {
  return kind === "cpu" ? cpuMillis : memoryMiB;
}

/** An amount in words that the site file takes. */
function showAmount(room: Room, kind: (typeof kinds)[number]): string {
  return kind === "cpu" ? `${room.cpuMillis}m` : `${room.memoryMiB}Mi`;
}

/** Rules over quotas and bounds. */
export const tenancyRoom: readonly CrossCheck[] = [bounds, productRoom];
