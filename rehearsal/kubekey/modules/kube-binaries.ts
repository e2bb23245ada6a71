import { type HostPlan, nodes } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";
import { writeFilesScript } from "../engine/shell-text";

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
