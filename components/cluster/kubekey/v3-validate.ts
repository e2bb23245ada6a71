import { compareVersions, isKnownToV3 } from "./kubernetes-version";
import { duplicates, groupProblems, networkProblems, schemaProblems } from "./problems";
import { type V3Cluster, v3ClusterSchema } from "./v3-cluster-schema";
import { fromYaml } from "./yaml-text";

/** Everything wrong with the text of a v3 Cluster. kk itself accepts most of this and fails, or worse, later. */
export function v3Problems(file: string, text: string): string[] {
  let data: unknown;
  try {
    data = fromYaml(text);
  } catch (error) {
    return [`${file}: is no YAML: ${(error as Error).message.split("\n")[0]}`];
  }
  const parsed = v3ClusterSchema.safeParse(data);
  if (!parsed.success) return schemaProblems(file, parsed.error);
  return crossProblems(parsed.data).map((problem) => `${file}: ${problem}`);
}

function crossProblems({ spec }: V3Cluster): string[] {
  const hosts = spec.hosts.map((host) => host.name);
  const groups = spec.roleGroups;
  return [
    ...duplicates("host name", hosts),
    ...duplicates(
      "host address",
      spec.hosts.map((host) => host.address),
    ),
    ...spec.hosts
      .filter((host) => host.password === undefined && host.privateKey === undefined)
      .map((host) => `host ${host.name} needs a password or a private key`),
    ...groupProblems(hosts, {
      controlPlane: groups["control-plane"],
      etcd: groups.etcd,
      worker: groups.worker,
      registry: groups.registry,
    }),
    ...networkProblems(spec.network.kubePodsCIDR, spec.network.kubeServiceCIDR, spec.hosts),
    ...versionProblems(spec),
    ...endpointProblems(spec),
    ...registryProblems(spec),
  ];
}

function versionProblems(spec: V3Cluster["spec"]): string[] {
  const { version, audit, autoRenewCerts } = spec.kubernetes;
  const found: string[] = [];
  if (!isKnownToV3(version)) found.push(`Kubernetes ${version} is not among those of kk v3.1.12`);
  if (audit?.enabled && !autoRenewCerts) {
    found.push("kubernetes.audit needs autoRenewCerts: true; without it kk panics");
  }
  return found;
}

function endpointProblems(spec: V3Cluster["spec"]): string[] {
  const { internalLoadbalancer, address, kubevip } = spec.controlPlaneEndpoint;
  const found: string[] = [];
  if (internalLoadbalancer === "haproxy" && address !== "") {
    found.push("controlPlaneEndpoint: haproxy takes no address; kk would do nothing and exit 0");
  }
  if (internalLoadbalancer !== "haproxy" && address === "") {
    found.push("controlPlaneEndpoint needs an address unless it is haproxy");
  }
  if (internalLoadbalancer === "kube-vip") {
    if (!kubevip) found.push("controlPlaneEndpoint: kube-vip needs its mode");
    if (
      isKnownToV3(spec.kubernetes.version) &&
      compareVersions(spec.kubernetes.version, "v1.29.0") >= 0
    ) {
      found.push(
        "kube-vip fails on Kubernetes 1.29 and later with kk v3: use haproxy or an external load balancer, or kk v4",
      );
    }
  }
  return found;
}

function registryProblems(spec: V3Cluster["spec"]): string[] {
  const { privateRegistry, auths } = spec.registry;
  const found: string[] = [];
  if (spec.roleGroups.registry.length !== 1) {
    found.push(`group registry needs one host, ${spec.roleGroups.registry.length} given`);
  }
  if (!auths[privateRegistry]) found.push(`registry.auths needs an entry for ${privateRegistry}`);
  return found;
}
