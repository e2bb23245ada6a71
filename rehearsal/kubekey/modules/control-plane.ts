import { dnsObjects, kubeadmObjects } from "../cluster/addons";
import * as controlPlane from "../cluster/control-plane";
import { controlPlanePkiScript } from "../cluster/control-plane-pki";
import { startKwokScript } from "../cluster/kwok";
import { firstControlPlane, type HostPlan } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";
import type { ClusterState } from "./cluster-state";
import { kubeadmSeconds, register } from "./kubelets";

async function kubeadmInit(session: Session, host: HostPlan): Promise<void> {
  const { plan, faults, programs } = session;
  const script = `set -e
${controlPlane.preflightScript}
${controlPlanePkiScript(host, plan)}
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
          await session.sudo(host, "kwok", startKwokScript(session.programs));
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
