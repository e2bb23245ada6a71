import { preflightScript, startControlPlaneScript } from "../cluster/control-plane";
import { controlPlanePkiScript, sharedPki } from "../cluster/control-plane-pki";
import { isJoined, listNodes } from "../cluster/nodes";
import { firstControlPlane, type HostPlan, nodes } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";
import { writeFilesScript } from "../engine/shell-text";
import { copyKubeconfig } from "./control-plane";
import { kubeadmSeconds, register } from "./kubelets";

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
    sharedPki.map(async (path) => ({
      path,
      content: await session.readRootFile(first, path),
      mode: path.endsWith(".key") ? "600" : "644",
    })),
  );
  const output = await session.sudo(
    host,
    "/usr/local/bin/kubeadm join --control-plane",
    `set -e
${preflightScript}
${writeFilesScript(files)}
${controlPlanePkiScript(host, plan)}
${startControlPlaneScript(host, plan, {
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
