import { firstControlPlane, type HostPlan } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";
import { quoted } from "../engine/shell-text";

/** Lines of /etc/hosts that kk keeps between its two marks. */
export function hostsBlock(session: Session): string[] {
  const { plan } = session;
  const registry = plan.groups.registry[0];
  return [
    "# kubekey hosts BEGIN",
    ...plan.hosts.map(
      (host) => `${host.internalAddress}  ${host.name}.${plan.clusterName} ${host.name}`,
    ),
    ...(registry === undefined
      ? []
      : [`${registry.internalAddress}  ${plan.registry.host || "dockerhub.kubekey.local"}`]),
    ...plan.system.nodeEtcHosts,
    ...(plan.endpoint.externalDns
      ? []
      : [
          `${plan.endpoint.address || firstControlPlane(plan).internalAddress}  ${plan.endpoint.domain}`,
        ]),
    "# kubekey hosts END",
  ];
}

/** Brings the operating systems into shape. What would change the machine under the rehearsal is only written down. */
export function configureOs(session: Session): Module {
  const { plan } = session;
  const script = (host: HostPlan) => `set -e
if [ "$(hostname)" != ${quoted(host.name)} ]; then
  # Only a simulated host has a root of its own over the machine's; a real machine keeps its name.
  [ "$(stat -f -c %T /)" = overlayfs ] && hostname ${quoted(host.name)}
  echo ${quoted(host.name)} > /etc/hostname
fi
sed '/^# kubekey hosts BEGIN/,/^# kubekey hosts END/d' /etc/hosts > /etc/hosts.kk-part
cat >> /etc/hosts.kk-part <<'END'
${hostsBlock(session).join("\n")}
END
cat /etc/hosts.kk-part > /etc/hosts && rm -f /etc/hosts.kk-part
mkdir -p /etc/sysctl.d /usr/local/bin/kube-scripts /etc/kubekey
cat > /etc/sysctl.d/99-kubekey.conf <<'END'
net.ipv4.ip_forward = 1
net.bridge.bridge-nf-call-iptables = 1
vm.max_map_count = 262144
vm.swappiness = 0
fs.inotify.max_user_instances = 524288
END
${plan.system.timezone === "" ? "" : `ln -sfn /usr/share/zoneinfo/${plan.system.timezone} /etc/localtime; echo ${quoted(plan.system.timezone)} > /etc/timezone`}
`;
  const ntp = plan.system.ntpServers.map((server) => `server ${server} iburst`).join("\n");
  return {
    name: "ConfigureOSModule",
    skip: plan.system.skipConfigureOs,
    tasks: () => [
      task<HostPlan>({
        name: "GetOSData",
        description: "Get OS release",
        hosts: plan.hosts,
        run: async (host) => {
          await session.sudo(host, "cat /etc/os-release", "cat /etc/os-release > /dev/null");
        },
      }),
      task<HostPlan>({
        name: "ExecScript",
        description: "Exec init os script",
        hosts: plan.hosts,
        run: async (host) => {
          await session.sudo(host, "initOS.sh", script(host));
        },
      }),
      task<HostPlan>({
        name: "ConfigureNtpServer",
        description: "configure the ntp server for each node",
        hosts: plan.hosts,
        when: () => ntp !== "",
        run: async (host) => {
          await session.sudo(
            host,
            "chronyd",
            `command -v chronyd > /dev/null || { echo "chronyd: command not found"; exit 1; }\nmkdir -p /etc/chrony && printf '%s\\n' ${quoted(ntp)} > /etc/chrony/chrony.conf`,
          );
        },
      }),
    ],
  };
}
