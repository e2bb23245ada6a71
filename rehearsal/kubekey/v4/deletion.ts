import { drain } from "../cluster/nodes";
import type { HostPlan } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import { runLocally, type Session } from "../engine/session";
import { uninstallEtcdScript } from "../modules/etcd";
import { clearNodeScript } from "../v3/maintenance";

/** Drains nodes, takes them out of the cluster and clears their hosts. */
export function deleteNodes(session: Session, names: readonly string[]): Module {
  const gone = session.plan.hosts.filter((host) => names.includes(host.name));
  const rest = session.plan.groups.controlPlane.filter((host) => !gone.includes(host));
  const [helper] = rest;
  return {
    name: "uninstall/kubernetes",
    tasks: () => [
      task<HostPlan>({
        name: "DrainNode",
        description: "Kubernetes | Drain and delete the node",
        hosts: gone,
        run: async (host) => {
          if (helper === undefined)
            throw new Error("the last control plane cannot be deleted; use delete cluster");
          const api = await session.api(helper);
          const path = `/api/v1/nodes/${host.name}`;
          if ((await api.get(path)) === undefined) return;
          await drain(api, host.name, 120);
          await api.remove(path);
        },
      }),
      task<HostPlan>({
        name: "RemoveFiles",
        description: "Kubernetes | Remove node files",
        hosts: gone,
        run: async (host) => {
          await session.sudo(host, "remove node files", clearNodeScript);
        },
      }),
    ],
  };
}

/** Clears every host but the registry, and etcd's keys in the work directory. */
export function deleteCluster(session: Session): Module {
  return {
    name: "uninstall/kubernetes",
    tasks: () => [
      task<HostPlan>({
        name: "RemoveFiles",
        description: "Kubernetes | Reset the cluster",
        hosts: session.plan.hosts.filter((host) => !session.plan.groups.registry.includes(host)),
        run: async (host) => {
          await session.sudo(
            host,
            "remove cluster files",
            `${clearNodeScript}\n${uninstallEtcdScript}`,
          );
        },
      }),
      task({
        name: "RemoveEtcdCerts",
        description: "ETCD | Remove certificates of the working directory",
        run: async () => {
          runLocally("remove etcd certs", `rm -rf '${session.workDir}/pki/etcd'`);
        },
      }),
    ],
  };
}
