import type { BlueprintInput } from "./blueprint-input";
import type {
  Blueprint,
  ClusterBlueprint,
  EndpointMode,
  HostBlueprint,
  HostsEntry,
  ImageUse,
} from "./blueprint-types";
import { capacityReport } from "./capacity";
import { siteExemptions } from "./exemptions";
import { deepFreeze } from "./freeze";
import { firstControlPlane, hostGroups } from "./groups";
import { type ImageWish, imageUses } from "./images";
import { hostLogin, siteBastion, siteSecretNames } from "./logins";
import { siteNamespaces } from "./namespaces";
import { isNode, nodeLabels, nodeTaints } from "./nodes";
import { addressPreflight } from "./platform/address-preflight";
import { controlPlaneAddress, edgeBlueprint } from "./platform/edge";
import type { KeepalivedBlueprint } from "./platform/edge-types";
import { logLine, nodeFiles } from "./platform/log-sizes";
import { etcdFigures } from "./platform/monitoring-place";
import { namedParts } from "./platform/named-parts";
import { platformBlueprint } from "./platform/platform";
import { harborBlueprint, registryBlueprint } from "./platform/registry";
import { gatewayListeners } from "./platform/routes";
import { type HostStorage, hostPreflight } from "./preflight";
import type { Catalogue } from "./schema/catalogue";
import type { Release } from "./schema/release";
import type { Site, SiteHost } from "./schema/site";
import { withCanaries } from "./workload/canary";
import { withCentre } from "./workload/centre";
import { withShippers } from "./workload/logs";
import { releaseImages } from "./workload/pod-images";
import { givenSecretNames, releaseSecrets } from "./workload/secrets";
import { sharedVolumes } from "./workload/volumes";
import { siteWorkloads, withProxies } from "./workload/workloads";

/** Kubernetes client settings that keep a large site linear; see docs for the measurements. */
const client = { qps: 1000, burst: 2000, fieldManager: "sitewright" };

/** Derives everything that is built at a site. Pure: the same input gives the same, frozen, blueprint. */
export function makeBlueprint(input: BlueprintInput): Blueprint {
  const { name, site, release, catalogue } = input;
  const apiAddress = controlPlaneAddress(site);
  const edge = edgeBlueprint(site, gatewayListeners(site, release));
  const shared = [apiAddress, edge?.own?.keepalived];
  const hosts = site.hosts.map((host) => hostBlueprint(site, host, catalogue, shared));
  const workloads = siteWorkloads(site, release);
  const cluster = clusterBlueprint(input);
  const bastion = siteBastion(site);
  const { platform, images: platformImages } = platformBlueprint(input);
  const uses = images(site, release, cluster, platformImages);
  // Those that bear a taint have nodes of their own, or run on every node.
  const onWorkers = platform.pods.filter((pod) => pod.tolerates.length === 0);
  const ordinary = workloads.filter(({ tolerates }) => tolerates.length === 0);
  return deepFreeze(
    structuredClone({
      site: name,
      release: release.release,
      hosts,
      ...(bastion !== undefined && { bastion }),
      baseline: {
        hostsEntries: hostsEntries(site, cluster),
        sysctl: catalogue.nodes.sysctl,
        ntpServers: site.ntpServers,
        timezone: site.timezone,
      },
      registry: registryBlueprint(site),
      harbor: harborBlueprint(
        site,
        uses.map((use) => use.siteImage),
      ),
      cluster,
      ...(apiAddress !== undefined && { controlPlaneAddress: apiAddress }),
      ...(edge !== undefined && { edge }),
      platform,
      namespaces: siteNamespaces(site, release),
      workloads: withCentre(
        withShippers(withProxies(workloads, platform.mesh), platform.logging, site, release),
        platform.configCentre,
        site,
        release,
      ),
      images: uses,
      capacity: capacityReport(
        hosts,
        [...withCanaries(ordinary), ...onWorkers],
        catalogue.nodes.overhead,
        site.capacity.spareNodes,
      ),
      exemptions: siteExemptions(
        catalogue.exemptions,
        namedParts(platform).map(([, part]) => part),
      ),
      client,
      sharedVolumes: sharedVolumes(site, release),
      productSecrets: releaseSecrets(site, release),
      secretNames: secretNames(site, release),
    }),
  );
}

/** One host as it is to become. */
function hostBlueprint(
  site: Pick<Site, "access" | "storage">,
  host: SiteHost,
  catalogue: Catalogue,
  shared: readonly (KeepalivedBlueprint | undefined)[],
): HostBlueprint {
  const { name, address, roles, arch, cpus, memoryGiB, diskGiB } = host;
  return {
    name,
    address,
    roles,
    arch,
    cpus,
    memoryGiB,
    diskGiB,
    login: hostLogin(site, host),
    node: isNode(host),
    labels: nodeLabels(host),
    taints: nodeTaints(host),
    preflight: [
      ...hostPreflight(host, catalogue.preflight, hostStorage(host, site)),
      ...shared.flatMap((keepalived) => addressPreflight(keepalived, name)),
    ],
  };
}

/** What storage asks of a host: its disks, those for metadata too, or a server that it can reach. */
function hostStorage({ name }: SiteHost, { storage }: Pick<Site, "storage">): HostStorage {
  if (storage?.kind === "nfs") return { devices: [], nfsServer: storage.nfs?.server };
  if (storage?.kind !== "ceph") return { devices: [] };
  const devices = storage.ceph?.devices[name] ?? [];
  const metadata = new Set(devices.flatMap(({ metadataPath }) => metadataPath ?? []));
  return { devices: [...devices, ...[...metadata].map((path) => ({ path, sizeGiB: 1 }))] };
}

function clusterBlueprint({ name, site, catalogue, bundle }: BlueprintInput): ClusterBlueprint {
  const { cluster } = site;
  const { domain, port, mode } = cluster.endpoint;
  const groups = hostGroups(site.hosts);
  const ownAddress = cluster.endpoint.address;
  const address = ownAddress ?? addressOf(site, firstControlPlane(site.hosts));
  const files = bundle?.kubekey[cluster.kubekey];
  const etcdMetricsPort = etcdFigures(site);
  return {
    name: cluster.name,
    kubernetes: cluster.kubernetes,
    kubekey: cluster.kubekey,
    endpoint: { domain, port, mode, address },
    podCidr: cluster.podCidr,
    serviceCidr: cluster.serviceCidr,
    networkPlugin: "calico",
    maxPods: cluster.maxPods,
    ...(site.logging !== undefined && {
      containerLogs: nodeFiles(site.logging, logLine(site.logging)),
    }),
    groups,
    // KubeKey adds the domain and every host itself; an address of its own must be named.
    certificateNames: [
      ...new Set([...(ownAddress === undefined ? [] : [ownAddress]), ...cluster.certificateNames]),
    ],
    ...(etcdMetricsPort !== undefined && { etcdMetricsPort }),
    ...(cluster.certificatesRenewed !== undefined && {
      certificatesRenewed: cluster.certificatesRenewed,
    }),
    workDir: `/var/lib/sitewright/${name}`,
    installer: site.installer ?? groups.registry[0] ?? "",
    ...(files !== undefined && { files }),
    images: clusterImages(catalogue, cluster.kubekey, cluster.kubernetes, mode),
  };
}

/** Public references of the images that a cluster needs before anything else runs on it. */
function clusterImages(
  catalogue: Catalogue,
  kubekey: ClusterBlueprint["kubekey"],
  kubernetes: string,
  mode: EndpointMode,
): readonly string[] {
  const minor = kubernetes.slice(1, kubernetes.lastIndexOf("."));
  const pins = catalogue.kubernetes.kubekey[kubekey]?.[minor];
  if (pins === undefined) return [];
  const endpoint = mode === "haproxy" || mode === "kube-vip" ? [pins.endpointImages[mode]] : [];
  return [...pins.images, ...endpoint]
    .map((image) => image.replace("{kubernetes}", kubernetes))
    .sort();
}

/** Lines for /etc/hosts: each host by its name, the registry by its own, and the endpoint where one address serves it. */
function hostsEntries(site: Site, cluster: ClusterBlueprint): readonly HostsEntry[] {
  const registry = hostGroups(site.hosts).registry[0];
  const entries = site.hosts.map(({ name, address }) => ({
    address,
    names: name === registry ? [name, site.registry.host] : [name],
  }));
  const { mode, address, domain } = cluster.endpoint;
  // With haproxy each node asks itself, and KubeKey writes that line; ours would send them all to one host.
  if (mode === "haproxy") return entries;
  const known = entries.find((entry) => entry.address === address);
  known?.names.push(domain);
  return known === undefined ? [...entries, { address, names: [domain] }] : entries;
}

function images(
  site: Site,
  release: Release,
  cluster: ClusterBlueprint,
  platform: readonly ImageWish[],
): readonly ImageUse[] {
  const wishes = [
    ...cluster.images.map((image) => ({ image, neededBy: "cluster" })),
    ...platform,
    // By name: a release and the same one written out in another order are one.
    ...releaseImages(release),
  ];
  return imageUses(wishes, site.registry.host);
}

/** Entries of the stack's secrets that site and release name, sorted. */
function secretNames(site: Site, release: Release): readonly string[] {
  return [...new Set([...siteSecretNames(site), ...givenSecretNames(site, release)])].sort();
}

function addressOf(site: Site, hostName: string | undefined): string {
  return site.hosts.find((host) => host.name === hostName)?.address ?? "";
}
