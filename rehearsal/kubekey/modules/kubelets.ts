import { startControlPlaneScript } from "../cluster/control-plane";
import { startKwokScript } from "../cluster/kwok";
import { startNodePortsScript } from "../cluster/node-ports";
import { hostFactsScript, isJoined, listNodes, nodeObject, parseHostFacts } from "../cluster/nodes";
import { firstControlPlane, type HostPlan, nodes } from "../cluster/plan";
import type { Session } from "../engine/session";

/** How long kubeadm waits for an API server. */
export const kubeadmSeconds = 240;

/** Makes the node's own files and registers it, as its kubelet would. */
export async function register(session: Session, host: HostPlan): Promise<void> {
  const facts = parseHostFacts(await session.sudo(host, "host facts", hostFactsScript));
  await session.sudo(
    host,
    "kubelet",
    `mkdir -p /var/lib/kubelet && printf 'KUBELET_KUBEADM_ARGS="--node-ip=${host.internalAddress}"\\n' > /var/lib/kubelet/kubeadm-flags.env`,
  );
  await session.sudo(host, "node ports", startNodePortsScript);
  const api = await session.api();
  await api.create(nodeObject(host, facts, session.plan));
}

/**
 * What kubelets do by themselves while nobody looks, and no process does here: start the static Pods that kubeadm
 * left, and register their nodes. Called when a run finds a cluster that an earlier run left half done.
 */
export async function playKubelets(session: Session): Promise<void> {
  const { plan, programs } = session;
  const found = new Map<HostPlan, string>();
  for (const host of nodes(plan)) {
    const look =
      "for f in kubelet.conf manifests/kube-apiserver.yaml; do [ -s /etc/kubernetes/$f ] && echo $f; done; true";
    found.set(host, await session.sudo(host, "look", look));
  }
  for (const [host, files] of found) {
    if (!files.includes("kube-apiserver.yaml")) continue;
    const options = {
      binary: programs.controlPlane,
      restart: false,
      waitSeconds: kubeadmSeconds,
      neverReady: false,
    };
    await session.sudo(host, "static pods", startControlPlaneScript(host, plan, options));
  }
  const first = firstControlPlane(plan);
  if (found.get(first)?.includes("kube-apiserver.yaml")) {
    await session.sudo(first, "kwok", startKwokScript(programs));
  }
  const seen = await listNodes(await session.api());
  for (const [host, files] of found) {
    if (files.includes("kubelet.conf") && !isJoined(host, seen)) await register(session, host);
  }
}
