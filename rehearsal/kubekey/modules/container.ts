import { type HostPlan, nodes } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";
import { writeFilesScript } from "../engine/shell-text";

/** The container runtime; one that is there already keeps its configuration. */
export function installContainer(session: Session): Module {
  const { plan } = session;
  const registry = plan.registry.host;
  const config = `version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${registry || "docker.io"}/kubesphere/pause:3.9"
[plugins."io.containerd.grpc.v1.cri".registry.configs."${registry}".tls]
  ca_file = "/etc/docker/certs.d/${registry}/ca.crt"
`;
  return {
    name: "InstallContainerModule",
    tasks: () => [
      task<HostPlan>({
        name: "SyncContainerd",
        description: "Sync containerd binaries",
        hosts: nodes(plan),
        tries: 2,
        when: async (host) =>
          (await session.sudo(
            host,
            "command -v containerd",
            "command -v containerd > /dev/null && echo there || true",
          )) === "",
        run: async (host) => {
          await session.sudo(
            host,
            "containerd",
            writeFilesScript([
              {
                path: "/usr/bin/containerd",
                mode: "755",
                content: "#!/bin/sh\necho containerd github.com/containerd/containerd 1.7.13\n",
              },
              { path: "/etc/containerd/config.toml", content: config },
              {
                path: "/etc/crictl.yaml",
                content: "runtime-endpoint: unix:///run/containerd/containerd.sock\n",
              },
            ]),
          );
        },
      }),
    ],
  };
}
