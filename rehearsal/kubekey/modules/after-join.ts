import { chmodSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { kubekeyObjects, networkObjects } from "../cluster/addons";
import { haproxyScript, localEndpointScript } from "../cluster/haproxy";
import { awaitKubeVipScript, startKubeVipScript } from "../cluster/kube-vip";
import { firstControlPlane, type HostPlan, nodes } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";

/** The load balancer on every worker, for endpoints of that kind. */
export function internalLoadBalancer(session: Session): Module {
  const { plan } = session;
  return {
    name: "InternalLoadbalancerModule",
    skip: plan.endpoint.loadBalancer !== "haproxy",
    tasks: () => [
      task<HostPlan>({
        name: "GenerateHaproxyConfig",
        description: "Generate haproxy.cfg",
        hosts: plan.groups.worker.filter((host) => !plan.groups.controlPlane.includes(host)),
        run: async (host) => {
          await session.sudo(host, "haproxy", haproxyScript(plan));
        },
      }),
      task<HostPlan>({
        name: "UpdateHostsFile",
        description: "Update /etc/hosts",
        hosts: nodes(plan),
        run: async (host) => {
          await session.sudo(host, "sed /etc/hosts", localEndpointScript(plan));
        },
      }),
    ],
  };
}

/** The address that moves between the control planes, for endpoints of that kind. */
export function kubeVip(session: Session): Module {
  const { plan } = session;
  return {
    name: "KubeVipModule",
    skip: plan.endpoint.loadBalancer !== "kube-vip",
    tasks: () => [
      task<HostPlan>({
        name: "GenerateKubeVipManifest",
        description: "Generate kubevip manifest at each master",
        hosts: plan.groups.controlPlane,
        run: async (host) => {
          await session.sudo(host, "kube-vip", startKubeVipScript(plan, host));
        },
      }),
      task<HostPlan>({
        name: "WaitForKubeVip",
        description: "Wait for the address",
        hosts: [firstControlPlane(plan)],
        run: async (host) => {
          await session.sudo(host, "kube-vip", awaitKubeVipScript(plan));
        },
      }),
    ],
  };
}

/** The network plugin's objects. */
export function networkPlugin(session: Session): Module {
  const { plan } = session;
  return {
    name: "DeployNetworkPluginModule",
    skip: plan.networkPlugin === "none",
    tasks: () => [
      task<HostPlan>({
        name: "DeployNetworkPlugin",
        description: `Deploy ${plan.networkPlugin}`,
        hosts: [firstControlPlane(plan)],
        tries: 5,
        run: async () => {
          const api = await session.api();
          for (const object of networkObjects(plan)) await api.apply(object);
        },
      }),
    ],
  };
}

/** Labels and taints of the config on the nodes. */
export function configureKubernetes(session: Session): Module {
  const { plan } = session;
  return {
    name: "ConfigureKubernetesModule",
    tasks: () => [
      task<HostPlan>({
        name: "ConfigureKubernetes",
        description: "Configure kubernetes",
        hosts: [firstControlPlane(plan)],
        run: async () => {
          const api = await session.api();
          for (const host of nodes(plan)) {
            if (Object.keys(host.labels).length > 0) {
              await api.patch(`/api/v1/nodes/${host.name}`, { metadata: { labels: host.labels } });
            }
            if (host.taints.length > 0) await addTaints(session, host);
          }
        },
      }),
    ],
  };
}

async function addTaints(session: Session, host: HostPlan): Promise<void> {
  const api = await session.api();
  const path = `/api/v1/nodes/${host.name}`;
  const node = await api.get<{ spec?: { taints?: { key: string; effect: string }[] } }>(path);
  const others = (node?.spec?.taints ?? []).filter(
    (taint) => !host.taints.some((each) => each.key === taint.key && each.effect === taint.effect),
  );
  await api.patch(path, { spec: { taints: [...others, ...host.taints] } });
}

/** The kubeconfig in the work directory and in the cluster; written from kk's own machine, which needs the route. */
export function saveKubeconfig(session: Session): Module {
  const { plan } = session;
  const first = firstControlPlane(plan);
  return {
    name: "SaveKubeConfigModule",
    tasks: () => [
      task({
        name: "SaveKubeConfig",
        description: "Save kube config as a configmap",
        tries: 5,
        run: async () => {
          const text = await session.readRootFile(first, "/etc/kubernetes/admin.conf");
          const address = plan.endpoint.address || first.internalAddress;
          await reach(address, plan.endpoint.port);
          const kubeconfig = text.replace(
            /server: .*/,
            `server: https://${address}:${plan.endpoint.port}`,
          );
          const path = join(session.workDir, `config-${plan.name}`);
          writeFileSync(path, kubeconfig);
          chmodSync(path, 0o644);
          const api = await session.api();
          for (const object of kubekeyObjects(plan, kubeconfig)) await api.apply(object);
        },
      }),
    ],
  };
}

function reach(address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, timeout: 10_000 });
    socket.on("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.on("timeout", () => socket.destroy(new Error("i/o timeout")));
    socket.on("error", (error) =>
      reject(new Error(`dial tcp ${address}:${port}: ${error.message}`)),
    );
  });
}
