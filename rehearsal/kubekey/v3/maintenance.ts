import { resetScript, startControlPlaneScript } from "../cluster/control-plane";
import { controlPlanePkiScript } from "../cluster/control-plane-pki";
import { daemonFunctions } from "../cluster/daemons";
import { drain, listNodes } from "../cluster/nodes";
import { firstControlPlane, type HostPlan, nodes } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";
import { Stop } from "../engine/stop";
import { copyKubeconfig } from "../modules/control-plane";
import { uninstallEtcdScript } from "../modules/etcd";
import { ask, greetings } from "../modules/precheck";

/** How long a drain waits for disruption budgets. */
const drainSeconds = 120;

function question(session: Session, name: string, what: string, yes: boolean): Module {
  return {
    name,
    skip: yes,
    tasks: () => [
      task({
        name: "ConfirmForm",
        description: "Display confirmation form",
        run: async () => ask(session, `Are you sure to delete this ${what}? [yes/no]: `),
      }),
    ],
  };
}

/** What a node leaves when it goes. */
export const clearNodeScript = `${resetScript}
stop haproxy
rm -rf /etc/kubernetes /etc/kubekey/haproxy /var/lib/kubelet /etc/cni /opt/cni /root/.kube
rm -f /usr/local/bin/kubelet /usr/local/bin/kubeadm /usr/local/bin/kubectl /etc/systemd/system/kubelet.service
sed '/^# kubekey hosts BEGIN/,/^# kubekey hosts END/d' /etc/hosts > /etc/hosts.kk-part
cat /etc/hosts.kk-part > /etc/hosts && rm -f /etc/hosts.kk-part
`;

/** `delete node`: workers only. */
export function deleteNodeModules(
  session: Session,
  names: readonly string[],
  yes: boolean,
): Module[] {
  const { plan } = session;
  const [name] = names;
  if (name === undefined) throw new Stop(1, "error: node name is empty");
  if (plan.groups.etcd.some((host) => host.name === name)) {
    throw new Error(
      `Pipeline[DeleteNodePipeline] execute failed: etcd node ${name} can not be deleted`,
    );
  }
  const first = firstControlPlane(plan);
  const gone = plan.hosts.filter((host) => host.name === name);
  return [
    greetings(session),
    question(session, "DeleteNodeConfirmModule", "node", yes),
    {
      name: "CompareConfigAndClusterInfoModule",
      tasks: () => [
        task<HostPlan>({
          name: "FindNode",
          description: "Find information about nodes that are expected to be deleted",
          hosts: [first],
          tries: 1,
          run: async () => {
            if (name === first.name) throw new Error("node can not be the first master");
            const seen = await listNodes(await session.api());
            if (!seen.some((node) => node.metadata.name === name)) {
              throw new Error(`Error from server (NotFound): nodes "${name}" not found`);
            }
          },
        }),
      ],
    },
    {
      name: "DeleteKubeNodeModule",
      tasks: () => [
        task<HostPlan>({
          name: "DrainNode",
          description: "Node safely evict all pods",
          hosts: [first],
          tries: 2,
          run: async () => drain(await session.api(), name, drainSeconds),
        }),
        task<HostPlan>({
          name: "DeleteNode",
          description: "Delete the node using kubectl",
          hosts: [first],
          tries: 5,
          run: async () => (await session.api()).remove(`/api/v1/nodes/${name}`),
        }),
      ],
    },
    {
      name: "ClearNodeOSModule",
      tasks: () => [
        task<HostPlan>({
          name: "RemoveFiles",
          description: "Remove node files",
          hosts: gone,
          run: async (host) => {
            await session.sudo(host, "remove node files", clearNodeScript);
          },
        }),
      ],
    },
  ];
}

/** `delete cluster`: everything kk made but the registry. */
export function deleteClusterModules(session: Session, yes: boolean): Module[] {
  const { plan } = session;
  return [
    greetings(session),
    question(session, "DeleteClusterConfirmModule", "cluster", yes),
    {
      name: "ResetClusterModule",
      tasks: () => [
        task<HostPlan>({
          name: "KubeadmReset",
          description: "Reset the cluster using kubeadm",
          hosts: nodes(plan),
          run: async (host) => {
            await session.sudo(host, "kubeadm reset -f", resetScript);
          },
        }),
      ],
    },
    {
      name: "ClearOSModule",
      tasks: () => [
        task<HostPlan>({
          name: "UninstallETCD",
          description: "Uninstall etcd",
          hosts: plan.groups.etcd,
          run: async (host) => {
            await session.sudo(host, "uninstall etcd", uninstallEtcdScript);
          },
        }),
        task<HostPlan>({
          name: "RemoveFiles",
          description: "Remove cluster files",
          hosts: nodes(plan),
          run: async (host) => {
            await session.sudo(host, "remove cluster files", clearNodeScript);
          },
        }),
        task({
          name: "RemoveEtcdCerts",
          description: "Remove etcd certs of the work dir",
          run: async () => {
            const { rmSync } = await import("node:fs");
            rmSync(`${session.workDir}/pki/etcd`, { recursive: true, force: true });
          },
        }),
      ],
    },
  ];
}

const expiryScript = `for cert in /etc/kubernetes/pki/*.crt; do
  echo "$(basename "$cert")|$(date -u -d "$(openssl x509 -noout -enddate -in "$cert" | cut -d= -f2)" +'%b %d, %Y %H:%M UTC')"
done
`;

/** `certs check-expiration` and `certs renew`: one control plane after the other. */
export function certsModules(session: Session, renew: boolean): Module[] {
  const { plan } = session;
  const rows: string[] = [];
  const renewOn = async (host: HostPlan) => {
    await session.sudo(
      host,
      "kubeadm certs renew all",
      `set -e
cd /etc/kubernetes
rm -f pki/apiserver.* pki/apiserver-kubelet-client.* pki/front-proxy-client.* admin.conf controller-manager.conf scheduler.conf
${controlPlanePkiScript(host, plan)}
${daemonFunctions}
${startControlPlaneScript(host, plan, {
  binary: session.programs.controlPlane,
  restart: true,
  waitSeconds: 120,
  neverReady: false,
})}
`,
    );
    session.forgetApi();
  };
  return [
    greetings(session),
    {
      name: "RenewCertsModule",
      skip: !renew,
      tasks: () => [
        task<HostPlan>({
          name: "RenewCerts",
          description: "Renew control-plane certs",
          hosts: plan.groups.controlPlane,
          serial: true,
          run: renewOn,
        }),
        task<HostPlan>({
          name: "CopyKubeConfig",
          description: "Copy admin.conf to ~/.kube/config",
          hosts: plan.groups.controlPlane,
          run: (host) => copyKubeconfig(session, host),
        }),
      ],
    },
    {
      name: "CheckCertsModule",
      tasks: () => [
        task<HostPlan>({
          name: "CheckClusterCerts",
          description: "Check cluster certs",
          hosts: plan.groups.controlPlane,
          run: async (host) => {
            const text = await session.sudo(host, "openssl x509", expiryScript);
            for (const line of text.split("\n"))
              rows.push(`${line.replace("|", "   ")}   ${host.name}`);
          },
        }),
      ],
    },
    {
      name: "PrintClusterCertsModule",
      tasks: () => [
        task({
          name: "DisplayCertsForm",
          description: "Display cluster certs form",
          run: async () =>
            session.journal.print(["CERTIFICATE   EXPIRES   NODE", ...rows.sort()].join("\n")),
        }),
      ],
    },
  ];
}
