import {
  checkProgram,
  checkPrograms,
  interfacePlaceholder,
  keepalivedFragment,
} from "../../../components/edge/keepalived-config";
import { writeFilesScript } from "../engine/shell-text";
import { daemonFunctions, daemonLine } from "./daemons";
import type { ClusterPlan, HostPlan } from "./plan";

const folder = "/etc/kubekey/kube-vip";

/**
 * keepalived.conf of what stands for kube-vip on a control plane: the address goes to one host whose API server answers, as
 * kube-vip's election by the API server has it, and to another one when that fails.
 */
export function kubeVipConfig(plan: ClusterPlan, host: HostPlan): string {
  const members = plan.groups.controlPlane.map((each) => ({
    host: each.name,
    address: each.internalAddress,
    priority: 100,
  }));
  const fragment = keepalivedFragment(
    {
      name: "control-plane",
      addresses: [
        { name: "kube-vip", address: plan.endpoint.address, routerId: 250, members, moves: "stay" },
      ],
      check: { kind: "api-server", port: 6443 },
    },
    host.name,
  );
  return fragment
    .replace(
      /^# Kept by.*$/m,
      "# Simulated: stands for kube-vip, which would run as a Pod.\nglobal_defs {\n  script_user root\n}",
    )
    .replace(checkPrograms["api-server"], `${folder}/check`);
}

/** Shell lines that start it on a control plane. */
export function startKubeVipScript(plan: ClusterPlan, host: HostPlan): string {
  const own = ["keepalived", "--dont-fork", "--log-console", "-f", `${folder}/keepalived.conf`];
  const pids = ["-p", "/run/kube-vip.pid", "-r", "/run/kube-vip-vrrp.pid"];
  return `set -e
${writeFilesScript([
  { path: `${folder}/template.conf`, content: kubeVipConfig(plan, host) },
  { path: `${folder}/check`, mode: "755", content: checkProgram("api-server") },
])}
link=$(ip -o -4 address show to ${host.internalAddress} | awk 'NR == 1 {print $2}')
before=$(md5sum ${folder}/keepalived.conf 2> /dev/null || true)
sed "s/${interfacePlaceholder}/$link/g" ${folder}/template.conf > ${folder}/keepalived.conf
PATH=$PATH:/usr/sbin:/sbin
${daemonFunctions}
[ "$before" = "$(md5sum ${folder}/keepalived.conf)" ] || stop kube-vip
${daemonLine("kube-vip", [...own, ...pids])}
`;
}

/** Shell lines that wait until the address answers. */
export function awaitKubeVipScript({ endpoint }: ClusterPlan): string {
  return `for try in $(seq 100); do
  curl -sk --max-time 1 -o /dev/null https://${endpoint.address}:6443/livez && exit 0
  sleep 0.3
done
echo "the API server does not answer on ${endpoint.address}" >&2
exit 1
`;
}
