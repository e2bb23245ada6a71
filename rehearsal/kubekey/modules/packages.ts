import { existsSync } from "node:fs";
import { join } from "node:path";
import type { HostPlan } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";

/** Sends the offline repository to every host and installs what a node needs from it. */
export function osPackages(session: Session, skip: boolean): Module {
  const folder = "/tmp/kubekey/iso";
  const releases = new Map<string, { readonly release: string; readonly arch: string }>();
  return {
    name: "RepositoryModule",
    skip,
    tasks: () => [
      task<HostPlan>({
        name: "GetOSData",
        description: "Get OS release",
        hosts: session.plan.hosts,
        run: async (host) => {
          const text = await session.sudo(
            host,
            "cat /etc/os-release",
            '. /etc/os-release; echo "$ID/$VERSION_ID $(uname -m)"',
          );
          const [release = "", machine] = text.split(" ");
          const detected = machine === "aarch64" ? "arm64" : "amd64";
          releases.set(host.name, {
            release,
            arch: host.arch === "detected" ? detected : host.arch,
          });
        },
      }),
      task<HostPlan>({
        name: "SyncRepositoryISOFile",
        description: "Sync repository iso file to all nodes",
        hosts: session.plan.hosts,
        tries: 2,
        run: async (host) => {
          const { release = "", arch = "" } = releases.get(host.name) ?? {};
          const file = `${release.replace("/", "-")}-${arch}.iso`;
          const path = join(session.workDir, "repository", arch, release, file);
          if (!existsSync(path))
            throw new Error(
              `Failed to find repository file: open ${path}: no such file or directory`,
            );
          await session.remote(host).run("mkdir -p -m 777 /tmp/kubekey");
          await session.remote(host).send(path, "/tmp/kubekey/repository.iso");
        },
      }),
      task<HostPlan>({
        name: "InstallPackage",
        description: "Install packages",
        hosts: session.plan.hosts,
        tries: 1,
        run: async (host) => {
          await session.sudo(
            host,
            "apt install",
            `set -e
mkdir -p ${folder}
tar -xf /tmp/kubekey/repository.iso -C ${folder}
for program in ${folder}/packages/*/*; do
  name=$(basename "$program")
  command -v "$name" > /dev/null || install -m 755 "$program" "/usr/sbin/$name"
done
rm -rf ${folder} /tmp/kubekey/repository.iso
`,
          );
        },
      }),
    ],
  };
}
