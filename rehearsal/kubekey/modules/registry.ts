import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { HostPlan } from "../cluster/plan";
import { registryName, registryPkiScript, startRegistryScript } from "../cluster/registry";
import { type Module, task } from "../engine/pipeline";
import { runLocally, type Session } from "../engine/session";
import { writeFilesScript } from "../engine/shell-text";

/** The registry's private authority, its certificate, and both on every host. */
export function registryCertificates(session: Session, skip = false): Module {
  const { plan } = session;
  const folder = join(session.workDir, "pki", "registry");
  const name = registryName(plan);
  const file = (suffix: string) => readFileSync(join(folder, suffix));
  return {
    name: "InitRegistryModule",
    skip,
    tasks: () => [
      task({
        name: "GenerateRegistryCerts",
        description: "Generate registry Certs",
        run: async () => {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          runLocally("sign registry certs", `set -e\n${registryPkiScript(folder, plan)}`);
        },
      }),
      task<HostPlan>({
        name: "SyncCertsFile",
        description: "Synchronize certs file",
        hosts: plan.groups.registry,
        tries: 1,
        run: async (host) => {
          const files = ["ca.pem", `${name}.pem`, `${name}-key.pem`].map((each) => ({
            path: `/etc/ssl/registry/ssl/${each}`,
            content: file(each),
            mode: "600",
          }));
          await session.sudo(host, "sync registry certs", writeFilesScript(files));
        },
      }),
      task<HostPlan>({
        name: "SyncCertsFileToAllNodes",
        description: "Synchronize certs file to all nodes",
        hosts: plan.hosts,
        tries: 1,
        run: async (host) => {
          const certs = `/etc/docker/certs.d/${name}`;
          await session.sudo(
            host,
            "sync registry certs",
            writeFilesScript([
              { path: `${certs}/ca.crt`, content: file("ca.pem") },
              { path: `${certs}/${name}.cert`, content: file(`${name}.pem`) },
              { path: `${certs}/${name}.key`, content: file(`${name}-key.pem`), mode: "600" },
            ]),
          );
        },
      }),
    ],
  };
}

/** The registry itself on its host. */
export function installRegistry(session: Session): Module {
  const { plan } = session;
  const harbor = plan.registry.type === "harbor";
  return {
    name: "InstallRegistryModule",
    tasks: () => [
      task<HostPlan>({
        name: harbor ? "SyncHarborPackage" : "InstallRegistryBinary",
        description: harbor ? "Sync harbor package" : "Install registry binary",
        hosts: plan.groups.registry,
        tries: 2,
        run: async (host) => {
          const parts = harbor ? "/opt/harbor /opt/harbor/common/config" : "/etc/kubekey/registry";
          await session.sudo(host, "install registry", `mkdir -p ${parts}`);
        },
      }),
      task<HostPlan>({
        name: harbor ? "StartHarbor" : "StartRegistryService",
        description: harbor ? "start harbor" : "Start registry service",
        hosts: plan.groups.registry.slice(0, 1),
        run: async (host) => {
          await session.sudo(
            host,
            harbor ? "install.sh --with-trivy" : "systemctl start registry",
            startRegistryScript(plan, host),
          );
        },
      }),
    ],
  };
}
