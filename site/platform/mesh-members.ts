import { ownPrefix } from "../nodes";
import { ownValue } from "../path";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import { openOnNodes, sitePorts } from "../workload/ports";
import { isListed } from "../workload/ways-out";
import type { NamespaceMesh, WorkloadMesh } from "./mesh-types";
import { exposedAt, standbyInstalled } from "./routes";
import { meshTracing } from "./tracing-place";

/** Which namespaces and workloads of the product are in the mesh, and what makes them so. */

/** Where the mesh's control plane runs. */
export const meshNamespace = "istio-system";

/** What namespaces follow, instead of a version: an upgrade leads it to the next one. */
export const revisionTag = "stable";

/** Label of Pods that tells a canary's, `canary`, from the workload's own, `stable`. */
export const trackLabel = `${ownPrefix}track`;

/** Names of ports that are for figures only, which monitoring reads from outside the mesh. */
const figures = /^(metrics|.+-metrics|metrics-.+|prometheus)$/;

/** Whether a namespace's Pods are in the mesh unless they say otherwise. */
export function namespaceInMesh(site: Site, release: Release, namespace: string): boolean {
  if (site.mesh === undefined) return false;
  const { namespaces } = site.mesh;
  if (Object.hasOwn(namespaces, namespace)) return namespaces[namespace] === true;
  return release.namespaces[namespace]?.mesh ?? true;
}

/** Labels of a namespace that put its Pods into the mesh. */
export function namespaceMeshLabels(
  site: Site,
  release: Release,
  namespace: string,
): Readonly<Record<string, string>> {
  return namespaceInMesh(site, release, namespace) ? meshLabels(site) : {};
}

/** Labels that put any namespace of this site into its mesh. */
export function meshLabels({ mesh }: Pick<Site, "mesh">): Readonly<Record<string, string>> {
  return mesh?.mode === "ambient"
    ? { "istio.io/dataplane-mode": "ambient" }
    : { "istio.io/rev": revisionTag };
}

/** What a namespace's proxies need to know; undefined where it has none. */
export function namespaceMesh(
  site: Site,
  release: Release,
  namespace: string,
): NamespaceMesh | undefined {
  if (site.mesh?.mode !== "sidecar") return undefined;
  const members = Object.entries(release.workloads).filter(
    ([name, workload]) => workload.namespace === namespace && inMesh(site, release, name, workload),
  );
  if (members.length === 0) return undefined;
  // Who lets nothing unknown through has to know all of the cluster.
  if (isListed(site, release, namespace)) return { egressHosts: ["*/*"], knownHostsOnly: true };
  const others = Object.keys(release.namespaces).filter((other) => other !== namespace);
  const collector = meshTracing(site)?.namespace;
  const hosts = [...others, meshNamespace, ...(collector === undefined ? [] : [collector])];
  return {
    egressHosts: ["./*", ...[...new Set(hosts)].sort().map((other) => `${other}/*`)],
    knownHostsOnly: false,
  };
}

/** What makes a workload's Pods part of the mesh or keeps them out; undefined where the site has none. */
export function workloadMesh(
  site: Site,
  release: Release,
  name: string,
  workload: ReleaseWorkload,
): WorkloadMesh | undefined {
  if (site.mesh === undefined) return undefined;
  const member = inMesh(site, release, name, workload);
  const labelled = namespaceInMesh(site, release, workload.namespace);
  const sidecar = site.mesh.mode === "sidecar";
  return {
    member,
    labels: sidecar
      ? { ...sidecarLabels(member, labelled), ...(member && trackOf(workload)) }
      : ambientLabels(member, labelled),
    plainPorts: member && site.mesh.mtls === "strict" ? plainPorts(site, name, workload) : [],
  };
}

/** Whether a workload's Pods have proxies beside them, which know single requests. */
export function inSidecarMesh(
  site: Site,
  release: Release,
  name: string,
  workload: ReleaseWorkload,
): boolean {
  return site.mesh?.mode === "sidecar" && inMesh(site, release, name, workload);
}

function inMesh(site: Site, release: Release, name: string, workload: ReleaseWorkload): boolean {
  const own = ownValue(site.workloads, name)?.mesh;
  return own ?? workload.mesh ?? namespaceInMesh(site, release, workload.namespace);
}

/** Stated on every Pod, so that a switched namespace also changes, and thereby replaces, its Pods. */
function sidecarLabels(member: boolean, labelled: boolean) {
  return {
    "sidecar.istio.io/inject": String(member),
    ...(member && !labelled && { "istio.io/rev": revisionTag }),
  };
}

/** Stated whether there is a canary or not, so that turning one on replaces no Pod. */
function trackOf({ kind, ports }: ReleaseWorkload): Readonly<Record<string, string>> {
  return kind === "Deployment" && ports.length > 0 ? { [trackLabel]: "stable" } : {};
}

function ambientLabels(member: boolean, labelled: boolean): Readonly<Record<string, string>> {
  if (member === labelled) return {};
  return { "istio.io/dataplane-mode": member ? "ambient" : "none" };
}

/** The standby ingress, monitoring and clients of nodes' ports stand outside the mesh and come without its certificates. */
function plainPorts(site: Site, name: string, workload: ReleaseWorkload): readonly number[] {
  const reached = standbyInstalled(site)
    ? exposedAt(site, name, workload)
        .filter(({ tcp }) => tcp === undefined)
        .map(({ port }) => port)
    : [];
  return sitePorts(site, name, workload)
    .filter(({ protocol }) => protocol !== "udp")
    .filter(
      (port) =>
        reached.includes(port.name) ||
        figures.test(port.name) ||
        (site.monitoring !== undefined && port.name === workload.metrics?.port) ||
        openOnNodes(port),
    )
    .map(({ port }) => port);
}
