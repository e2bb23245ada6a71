import { writeFilesScript } from "../engine/shell-text";
import type { HarborSettings } from "../harbor/main";
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

/** Where the registry program listens when Harbor's front stands before it. */
const innerPort = 5000;

function registryCertificate(plan: ClusterPlan): {
  readonly certificate: string;
  readonly key: string;
} {
  const base = `/etc/ssl/registry/ssl/${registryName(plan)}`;
  return { certificate: `${base}.pem`, key: `${base}-key.pem` };
}

/** Settings of the front that stands for Harbor. Its state lives beside its images, as Harbor's database does. */
export function harborSettings(plan: ClusterPlan): HarborSettings {
  return {
    port: 443,
    ...registryCertificate(plan),
    registryPort: innerPort,
    passwordFile: "/etc/kubekey/registry/password",
    stateFile: `${plan.registry.dataDir}/harbor.json`,
  };
}

/** Configuration of the registry program: Harbor's, behind its front, or the plain one. */
export function registryConfig(plan: ClusterPlan): string {
  const { certificate, key } = registryCertificate(plan);
  const http =
    plan.registry.type === "harbor"
      ? `  addr: 127.0.0.1:${innerPort}
`
      : `  addr: :443
  tls:
    certificate: ${certificate}
    key: ${key}
`;
  return `version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: ${plan.registry.dataDir}}
  delete: {enabled: true}
  cache: {blobdescriptor: inmemory}
http:
${http}auth:
  htpasswd: {realm: harbor, path: /etc/kubekey/registry/htpasswd}
`;
}

/** Shell lines that start the registry on its host. */
export function startRegistryScript(
  plan: ClusterPlan,
  host: HostPlan,
  harborCommand: readonly string[],
): string {
  const isHarbor = plan.registry.type === "harbor";
  const settingsFile = "/etc/kubekey/registry/harbor.json";
  const { certificate, key } = registryCertificate(plan);
  const { username, password } = registryLogin(plan);
  const users = [...new Set(["admin", username])];
  const harbor = `hostname: ${registryName(plan)}
http: {port: 80}
https: {port: 443, certificate: ${certificate}, private_key: ${key}}
data_volume: ${plan.registry.dataDir}
`;
  return `set -e
PATH=$PATH:/usr/sbin:/sbin
before=$(md5sum /etc/kubekey/registry/* 2> /dev/null || true)
${writeFilesScript([
  { path: "/etc/kubekey/registry/config.yaml", content: registryConfig(plan) },
  { path: "/etc/kubekey/registry/password", mode: "600", content: password },
  ...(isHarbor
    ? [
        { path: "/opt/harbor/harbor.yml", mode: "600", content: harbor },
        { path: settingsFile, content: JSON.stringify(harborSettings(plan)) },
      ]
    : []),
])}
hash=$(perl -e 'local $/; my $p = <STDIN>; print crypt($p, q($2y$05$) . q(rehearsalOnlySaltXXXX.))' < /etc/kubekey/registry/password)
case $hash in '$2'*) ;; *) echo "crypt cannot make a bcrypt hash"; exit 1 ;; esac
(umask 077; for user in ${users.join(" ")}; do printf '%s:%s\\n' "$user" "$hash"; done > /etc/kubekey/registry/htpasswd)
mkdir -p ${plan.registry.dataDir}
command -v docker-registry > /dev/null || { echo "docker-registry: command not found on ${host.name}"; exit 127; }
${daemonFunctions}
[ "$before" = "$(md5sum /etc/kubekey/registry/*)" ] || { stop harbor; stop registry; }
OTEL_TRACES_EXPORTER=none ${daemonLine("registry", ["docker-registry", "serve", "/etc/kubekey/registry/config.yaml"])}
${isHarbor ? daemonLine("harbor", [...harborCommand, settingsFile]) : ""}
for _ in $(seq 100); do
  for name in registry${isHarbor ? " harbor" : ""}; do
    running $name || { tail -n 5 "$logs/$name.log"; exit 1; }
  done
  code=$(curl -sk -o /dev/null -w '%{http_code}' https://127.0.0.1/v2/ || true)
  [ "$code" = 401 ] && exit 0
  sleep 0.2
done
echo "the registry does not answer on port 443"
exit 1
`;
}
