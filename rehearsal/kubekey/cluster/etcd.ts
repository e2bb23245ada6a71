import { certificatesScript, kubekeySuffixes, type Leaf } from "./certificates";
import { daemonFunctions } from "./daemons";
import type { ClusterPlan, HostPlan } from "./plan";

/** Where etcd's certificates stand on every host that needs them. */
export const etcdCertificateFolder = "/etc/ssl/etcd/ssl";

/** Name of an etcd member. */
export function memberName(host: HostPlan): string {
  return `etcd-${host.name}`;
}

/** Shell lines that make etcd's authority and certificates in kk's `pki/etcd`. Runs on kk's machine. */
export function etcdPkiScript(folder: string, plan: ClusterPlan): string {
  const clients = plan.groups.controlPlane.filter((host) => !plan.groups.etcd.includes(host));
  const everyone = [...plan.groups.etcd, ...clients];
  const names = [
    ...[
      "etcd.kube-system.svc.cluster.local",
      "etcd.kube-system.svc",
      "etcd.kube-system",
      "etcd",
      "localhost",
    ],
    ...["127.0.0.1", plan.endpoint.domain],
    ...everyone.flatMap((host) => [host.name, host.internalAddress]),
  ];
  const leaf = (kind: string, host: HostPlan): Leaf => ({
    authority: `${folder}/ca`,
    path: `${folder}/${kind}-${host.name}`,
    commonName: `etcd-${kind}-${host.name}`,
    server: kind !== "admin",
    client: true,
    names,
  });
  const leaves = [
    ...plan.groups.etcd.flatMap((host) => [leaf("admin", host), leaf("member", host)]),
    ...everyone.map((host) => leaf("node", host)),
  ];
  return certificatesScript(
    kubekeySuffixes,
    [{ path: `${folder}/ca`, commonName: "etcd-ca" }],
    leaves,
  );
}

/** Names of the files in `pki/etcd` that a host gets. */
export function etcdFilesOf(host: HostPlan, plan: ClusterPlan): string[] {
  const kinds = plan.groups.etcd.includes(host) ? ["admin", "member", "node"] : ["node"];
  return [
    "ca.pem",
    "ca-key.pem",
    ...kinds.flatMap((kind) => [`${kind}-${host.name}.pem`, `${kind}-${host.name}-key.pem`]),
  ];
}

/** `ETCD_INITIAL_CLUSTER` of these members. */
export function initialCluster(members: readonly HostPlan[], plan: ClusterPlan): string {
  return members
    .map((host) => `${memberName(host)}=https://${host.internalAddress}:${plan.etcd.peerPort}`)
    .join(",");
}

/** Text of /etc/etcd.env, which etcd reads as its environment. */
export function etcdEnvironment(
  host: HostPlan,
  plan: ClusterPlan,
  members: readonly HostPlan[],
  state: "new" | "existing",
): string {
  const address = host.internalAddress;
  const folder = etcdCertificateFolder;
  const { port, peerPort, dataDir } = plan.etcd;
  return `# Environment file for etcd ${plan.etcd.version}
ETCD_DATA_DIR=${dataDir}
ETCD_ADVERTISE_CLIENT_URLS=https://${address}:${port}
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://${address}:${peerPort}
ETCD_INITIAL_CLUSTER_STATE=${state}
ETCD_LISTEN_CLIENT_URLS=https://${address}:${port},https://127.0.0.1:${port}
ETCD_INITIAL_CLUSTER_TOKEN=k8s_etcd
ETCD_LISTEN_PEER_URLS=https://${address}:${peerPort}
ETCD_NAME=${memberName(host)}
ETCD_INITIAL_CLUSTER=${initialCluster(members, plan)}
ETCD_HEARTBEAT_INTERVAL=250
ETCD_ELECTION_TIMEOUT=2500
ETCD_AUTO_COMPACTION_RETENTION=8
ETCD_SNAPSHOT_COUNT=10000
ETCD_TRUSTED_CA_FILE=${folder}/ca.pem
ETCD_CERT_FILE=${folder}/member-${host.name}.pem
ETCD_KEY_FILE=${folder}/member-${host.name}-key.pem
ETCD_CLIENT_CERT_AUTH=true
ETCD_PEER_TRUSTED_CA_FILE=${folder}/ca.pem
ETCD_PEER_CERT_FILE=${folder}/member-${host.name}.pem
ETCD_PEER_KEY_FILE=${folder}/member-${host.name}-key.pem
ETCD_PEER_CLIENT_CERT_AUTH=true
ETCDCTL_ENDPOINTS=https://127.0.0.1:${port}
ETCDCTL_CACERT=${folder}/ca.pem
ETCDCTL_KEY=${folder}/admin-${host.name}-key.pem
ETCDCTL_CERT=${folder}/admin-${host.name}.pem
${plan.etcd.environment.map((line) => `${line}\n`).join("")}`;
}

/** Shell lines that start etcd with /etc/etcd.env; `restart` stops a running one first. */
export function startEtcdScript(controlPlane: string, restart: boolean): string {
  return `set -e
${daemonFunctions}
mkdir -p "$(sed -n 's/^ETCD_DATA_DIR=//p' /etc/etcd.env)" && chmod 700 "$(sed -n 's/^ETCD_DATA_DIR=//p' /etc/etcd.env)"
${restart ? "stop etcd" : ""}
set -a
. /etc/etcd.env
set +a
unset ETCDCTL_ENDPOINTS ETCDCTL_CACERT ETCDCTL_KEY ETCDCTL_CERT
ETCD_LOG_LEVEL=warn GOGC=50 daemon etcd ${controlPlane} etcd
`;
}

/** Shell lines that print etcd's health, or end with what is wrong after so many seconds. */
export function etcdHealthScript(host: HostPlan, plan: ClusterPlan, waitSeconds: number): string {
  const folder = etcdCertificateFolder;
  return `end=$((SECONDS + ${waitSeconds}))
while :; do
  health=$(curl -s --max-time 5 --cacert ${folder}/ca.pem --cert ${folder}/admin-${host.name}.pem \\
    --key ${folder}/admin-${host.name}-key.pem https://${host.internalAddress}:${plan.etcd.port}/health 2>&1)
  case $health in *'"health":"true"'*) echo healthy; exit 0 ;; esac
  [ $SECONDS -lt $end ] || break
  sleep 0.3
done
echo "Error: unhealthy cluster: https://${host.internalAddress}:${plan.etcd.port}: \${health:-connection refused}"
exit 1
`;
}
