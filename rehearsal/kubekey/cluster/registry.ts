import { writeFilesScript } from "../engine/shell-text";
import {
  certificatesScript,
  kubeadmSuffixes,
  kubekeySuffixes,
  type Leaf,
  type Suffixes,
} from "./certificates";
import { daemonFunctions, daemonLine } from "./daemons";
import type { ClusterPlan, HostPlan } from "./plan";

/** Name that a registry without one of its own gets. */
export const defaultRegistryName = "dockerhub.kubekey.local";

/** The registry's name in certificates, files and images. */
export function registryName(plan: ClusterPlan): string {
  return plan.registry.host || defaultRegistryName;
}

/** The administrator: Harbor's is always `admin`. */
export function registryLogin(plan: ClusterPlan): {
  readonly username: string;
  readonly password: string;
} {
  const auth = plan.registry.auths[registryName(plan)];
  return { username: auth?.username ?? "admin", password: auth?.password ?? "Harbor12345" };
}

/** Where kk keeps the registry's keys: paths without suffix. */
export interface RegistryPki {
  readonly authority: string;
  readonly server: string;
  /** What hosts log in with; kk v3 uses the server's own. */
  readonly client: string;
  readonly suffixes: Suffixes;
}

/** kk v3's `<workdir>/pki/registry`. */
export function v3RegistryPki(workDir: string, plan: ClusterPlan): RegistryPki {
  const folder = `${workDir}/pki/registry`;
  const server = `${folder}/${registryName(plan)}`;
  return { authority: `${folder}/ca`, server, client: server, suffixes: kubekeySuffixes };
}

/** kk v4's `<workdir>/kubekey/pki`. */
export function v4RegistryPki(binaryDir: string): RegistryPki {
  const folder = `${binaryDir}/pki`;
  return {
    authority: `${folder}/root`,
    server: `${folder}/image_registry`,
    client: `${folder}/image-registry-client`,
    suffixes: kubeadmSuffixes,
  };
}

/** Shell lines that make the registry's private authority and its certificates where they are missing. */
export function registryPkiScript(pki: RegistryPki, plan: ClusterPlan): string {
  const name = registryName(plan);
  const hosts = plan.groups.registry.flatMap((host) => [host.name, host.internalAddress]);
  const leaf = (path: string): Leaf => ({
    authority: pki.authority,
    path,
    commonName: name,
    server: true,
    client: true,
    names: [name, "localhost", "127.0.0.1", ...hosts],
  });
  const leaves = [...new Set([pki.server, pki.client])].map(leaf);
  return certificatesScript(
    pki.suffixes,
    [{ path: pki.authority, commonName: "registry-ca" }],
    leaves,
  );
}

/** Configuration of the registry program that stands for Harbor's. */
export function registryConfig(plan: ClusterPlan): string {
  return `version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: ${plan.registry.dataDir}}
  delete: {enabled: true}
  cache: {blobdescriptor: inmemory}
http:
  addr: :443
  tls:
    certificate: /etc/ssl/registry/ssl/${registryName(plan)}.pem
    key: /etc/ssl/registry/ssl/${registryName(plan)}-key.pem
auth:
  htpasswd: {realm: harbor, path: /etc/kubekey/registry/htpasswd}
`;
}

/** Shell lines that start the registry on its host. */
export function startRegistryScript(plan: ClusterPlan, host: HostPlan): string {
  const { username, password } = registryLogin(plan);
  const users = [...new Set(["admin", username])];
  const harbor = `hostname: ${registryName(plan)}
http: {port: 80}
https: {port: 443, certificate: /etc/ssl/registry/ssl/${registryName(plan)}.pem, private_key: /etc/ssl/registry/ssl/${registryName(plan)}-key.pem}
data_volume: ${plan.registry.dataDir}
`;
  return `set -e
PATH=$PATH:/usr/sbin:/sbin
before=$(md5sum /etc/kubekey/registry/* 2> /dev/null || true)
${writeFilesScript([
  { path: "/etc/kubekey/registry/config.yaml", content: registryConfig(plan) },
  { path: "/etc/kubekey/registry/password", mode: "600", content: password },
  ...(plan.registry.type === "harbor"
    ? [{ path: "/opt/harbor/harbor.yml", mode: "600", content: harbor }]
    : []),
])}
hash=$(perl -e 'local $/; my $p = <STDIN>; print crypt($p, q($2y$05$) . q(rehearsalOnlySaltXXXX.))' < /etc/kubekey/registry/password)
case $hash in '$2'*) ;; *) echo "crypt cannot make a bcrypt hash"; exit 1 ;; esac
(umask 077; for user in ${users.join(" ")}; do printf '%s:%s\\n' "$user" "$hash"; done > /etc/kubekey/registry/htpasswd)
mkdir -p ${plan.registry.dataDir}
command -v docker-registry > /dev/null || { echo "docker-registry: command not found on ${host.name}"; exit 127; }
${daemonFunctions}
[ "$before" = "$(md5sum /etc/kubekey/registry/*)" ] || stop registry
OTEL_TRACES_EXPORTER=none ${daemonLine("registry", ["docker-registry", "serve", "/etc/kubekey/registry/config.yaml"])}
for _ in $(seq 100); do
  running registry || { tail -n 5 "$logs/registry.log"; exit 1; }
  code=$(curl -sk -o /dev/null -w '%{http_code}' https://127.0.0.1/v2/ || true)
  [ "$code" = 401 ] && exit 0
  sleep 0.2
done
echo "the registry does not answer on port 443"
exit 1
`;
}
