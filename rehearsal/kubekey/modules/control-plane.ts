import { dnsObjects, kubeadmObjects } from "../cluster/addons";
import * as controlPlane from "../cluster/control-plane";
import { startKwokScript } from "../cluster/kwok";
import { isJoined, listNodes } from "../cluster/nodes";
import { firstControlPlane, type HostPlan, nodes } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";
import { writeFilesScript } from "../engine/shell-text";
import type { ClusterState } from "./cluster-state";
import { kubeadmSeconds, register } from "./kubelets";

/** Puts the programs of a node on every node; a wrong architecture shows when they are first run. */
export function kubeBinaries(session: Session): Module {
  const { plan, programs } = session;
  const hosts = nodes(plan);
  return {
    name: "InstallKubeBinariesModule",
    tasks: () => [
      task<HostPlan>({
        name: "SyncKubeBinary",
        description: "Synchronize kubernetes binaries",
        hosts,
        tries: 2,
        run: async (host) => {
          await session.sudo(
            host,
            "sync kube binaries",
            `set -e
case $(uname -m) in aarch64) arch=arm64 ;; *) arch=amd64 ;; esac
[ "$arch" = ${host.arch === "detected" ? '"$arch"' : host.arch} ] || { echo "/usr/local/bin/kubelet: cannot execute binary file: Exec format error"; exit 126; }
for name in kubectl etcdctl; do [ "$name" = etcdctl ] || ln -sfn ${programs.controlPlane} "/usr/local/bin/$name"; done
${writeFilesScript([
  {
    path: "/usr/local/bin/kubelet",
    mode: "755",
    content: `#!/bin/sh\necho "Kubernetes ${plan.kubernetes}"\n`,
  },
  {
    path: "/usr/local/bin/kubeadm",
    mode: "755",
    content: `#!/bin/sh\necho "${plan.kubernetes}"\n`,
  },
  {
    path: "/etc/systemd/system/kubelet.service",
    content:
      "[Unit]\nDescription=kubelet: The Kubernetes Node Agent\n[Service]\nExecStart=/usr/local/bin/kubelet\n",
  },
])}
mkdir -p /opt/cni/bin /etc/cni/net.d /var/lib/kubelet
`,
          );
        },
      }),
    ],
  };
}

async function kubeadmInit(session: Session, host: HostPlan): Promise<void> {
  const { plan, faults, programs } = session;
  const script = `set -e
${controlPlane.preflightScript}
${controlPlane.controlPlanePkiScript(host, plan)}
${controlPlane.startControlPlaneScript(host, plan, {
  binary: programs.controlPlane,
  restart: false,
  waitSeconds: faults.apiServerWaitSeconds ?? kubeadmSeconds,
  neverReady: faults.apiServerNeverReady === true,
})}
echo "Your Kubernetes control-plane has initialized successfully!"
`;
  try {
    const output = await session.sudo(
      host,
      "/usr/local/bin/kubeadm init --config=/etc/kubernetes/kubeadm-config.yaml",
      script,
    );
    session.journal.message(host.name, output);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    session.journal.message(host.name, text);
    await session
      .sudo(host, "/usr/local/bin/kubeadm reset -f", controlPlane.resetScript)
      .catch(() => undefined);
    session.journal.message(host.name, "[reset] Reset of the node is done");
    throw new Error(`init kubernetes cluster failed: ${text}`);
  }
}

/** The first control plane; skipped where the cluster is taken to exist. */
export function initKubernetes(session: Session, state: ClusterState): Module {
  const first = firstControlPlane(session.plan);
  const needed = () => !state.exists;
  return {
    name: "InitKubernetesModule",
    tasks: () => [
      task<HostPlan>({
        name: "KubeadmInit",
        description: "Init cluster using kubeadm",
        hosts: [first],
        when: needed,
        run: async (host) => {
          session.forgetApi();
          await kubeadmInit(session, host);
        },
      }),
      task<HostPlan>({
        name: "CopyKubeConfig",
        description: "Copy admin.conf to ~/.kube/config",
        hosts: [first],
        when: needed,
        run: (host) => copyKubeconfig(session, host),
      }),
      task<HostPlan>({
        name: "RemoveMasterTaint",
        description: "Remove master taint",
        hosts: [first],
        when: needed,
        run: async (host) => {
          await session.sudo(host, "kwok", startKwokScript(session.programs.kwok));
          await register(session, host);
          const api = await session.api();
          for (const object of kubeadmObjects(session.plan)) await api.apply(object);
        },
      }),
    ],
  };
}

/** kk's copies of admin.conf for root and for the login. */
export async function copyKubeconfig(session: Session, host: HostPlan): Promise<void> {
  const { user } = host.login;
  await session.sudo(
    host,
    "copy kube config",
    `set -e
for home in /root "$(getent passwd ${user} | cut -d: -f6)"; do
  mkdir -p "$home/.kube"
  cp -f /etc/kubernetes/admin.conf "$home/.kube/config"
done
chown -R ${user}: "$(getent passwd ${user} | cut -d: -f6)/.kube"
`,
  );
}

/** Cluster DNS. */
export function clusterDns(session: Session): Module {
  return {
    name: "ClusterDNSModule",
    tasks: () => [
      task<HostPlan>({
        name: "DeployCoreDNS",
        description: "Deploy coredns",
        hosts: [firstControlPlane(session.plan)],
        run: async () => {
          const api = await session.api();
          for (const object of dnsObjects(session.plan)) await api.apply(object);
        },
      }),
    ],
  };
}

/** Joins every host that is no node yet: control planes first, then workers. */
export function joinNodes(session: Session): Module {
  const { plan } = session;
  const first = firstControlPlane(plan);
  const missing = async (host: HostPlan) => !isJoined(host, await listNodes(await session.api()));
  const workers = nodes(plan).filter((host) => !plan.groups.controlPlane.includes(host));
  return {
    name: "JoinNodesModule",
    tasks: () => [
      task<HostPlan>({
        name: "JoinControlPlaneNode",
        description: "Join control-plane node",
        hosts: plan.groups.controlPlane,
        tries: 5,
        when: missing,
        run: async (host) => {
          await joinControlPlane(session, first, host);
          await register(session, host);
        },
      }),
      task<HostPlan>({
        name: "JoinWorkerNode",
        description: "Join worker node",
        hosts: workers,
        tries: 5,
        when: missing,
        run: async (host) => {
          await joinWorker(session, first, host);
          await register(session, host);
        },
      }),
      task<HostPlan>({
        name: "copyKubeConfig",
        description: "Copy admin.conf to ~/.kube/config",
        hosts: plan.groups.controlPlane,
        run: (host) => copyKubeconfig(session, host),
      }),
      task<HostPlan>({
        name: "addWorkerLabelToNode",
        description: "Add worker label to all nodes",
        hosts: [first],
        run: async () => {
          const api = await session.api();
          for (const host of plan.groups.worker) {
            await api.patch(`/api/v1/nodes/${host.name}`, {
              metadata: { labels: { "node-role.kubernetes.io/worker": "" } },
            });
          }
        },
      }),
    ],
  };
}

async function joinControlPlane(session: Session, first: HostPlan, host: HostPlan): Promise<void> {
  const { plan, faults, programs } = session;
  const files = await Promise.all(
    controlPlane.sharedPki.map(async (path) => ({
      path,
      content: await session.readRootFile(first, path),
      mode: path.endsWith(".key") ? "600" : "644",
    })),
  );
  const output = await session.sudo(
    host,
    "/usr/local/bin/kubeadm join --control-plane",
    `set -e
${controlPlane.preflightScript}
${writeFilesScript(files)}
${controlPlane.controlPlanePkiScript(host, plan)}
${controlPlane.startControlPlaneScript(host, plan, {
  binary: programs.controlPlane,
  restart: false,
  waitSeconds: faults.apiServerWaitSeconds ?? kubeadmSeconds,
  neverReady: false,
})}
`,
  );
  session.journal.message(host.name, output);
}

async function joinWorker(session: Session, first: HostPlan, host: HostPlan): Promise<void> {
  const { endpoint } = session.plan;
  const authority = await session.readRootFile(first, "/etc/kubernetes/pki/ca.crt");
  const output = await session.sudo(
    host,
    "/usr/local/bin/kubeadm join",
    `set -e
echo "[preflight] Running pre-flight checks"
if [ -e /etc/kubernetes/kubelet.conf ]; then
  echo "error execution phase preflight: [ERROR FileAvailable--etc-kubernetes-kubelet.conf]: /etc/kubernetes/kubelet.conf already exists"
  rm -rf /etc/kubernetes/kubelet.conf /etc/kubernetes/pki/ca.crt /var/lib/kubelet
  exit 1
fi
mkdir -p /etc/kubernetes/pki /etc/kubernetes/manifests
${writeFilesScript([{ path: "/etc/kubernetes/pki/ca.crt", content: authority }])}
curl -sS --max-time 20 --cacert /etc/kubernetes/pki/ca.crt https://${endpoint.domain}:${endpoint.port}/livez > /dev/null
printf 'apiVersion: v1\\nkind: Config\\nclusters:\\n- name: default\\n  cluster: {certificate-authority: /etc/kubernetes/pki/ca.crt, server: "https://${endpoint.domain}:${endpoint.port}"}\\n' > /etc/kubernetes/kubelet.conf
chmod 600 /etc/kubernetes/kubelet.conf
echo "This node has joined the cluster"
`,
  );
  session.journal.message(host.name, output);
}
