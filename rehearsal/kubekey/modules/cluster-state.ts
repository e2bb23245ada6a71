import type { HostPlan } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";
import { playKubelets } from "./kubelets";

/** What kk believes about the cluster. */
export interface ClusterState {
  exists: boolean;
}

/**
 * Looks at every control plane in turn; the last one's answer wins, as in the real one. So a rerun after a half
 * finished join starts over on the first control plane, and resets it.
 * @param asked Hosts to look at. Default: every control plane.
 */
export function clusterStatus(
  session: Session,
  state: ClusterState,
  asked: readonly HostPlan[] = session.plan.groups.controlPlane,
): Module {
  return {
    name: "KubernetesStatusModule",
    tasks: () => [
      task<HostPlan>({
        name: "GetClusterStatus",
        description: "Get kubernetes cluster status",
        hosts: asked,
        serial: true,
        run: async (host) => {
          const answer = await session.sudo(
            host,
            "ls /etc/kubernetes/admin.conf",
            "[ -e /etc/kubernetes/admin.conf ] || [ -e /etc/kubernetes/manifests/kube-apiserver.yaml ] && echo there || echo missing",
          );
          state.exists = answer === "there";
          if (!state.exists) return;
          const api = await session.api(host);
          await api.get("/api/v1/nodes");
        },
      }),
      task<HostPlan>({
        name: "PlayKubelets",
        description:
          "Get kubernetes nodes (rehearsal: what running kubelets would have done meanwhile)",
        hosts: asked.slice(0, 1),
        when: () => state.exists,
        run: () => playKubelets(session),
      }),
    ],
  };
}
