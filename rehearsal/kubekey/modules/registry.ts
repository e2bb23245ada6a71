import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { HostPlan } from "../cluster/plan";
import {
  type RegistryPki,
  registryName,
  registryPkiScript,
  startRegistryScript,
} from "../cluster/registry";
import { type Module, task } from "../engine/pipeline";
import { runLocally, type Session } from "../engine/session";
import { writeFilesScript } from "../engine/shell-text";

/** The registry's private authority, its certificate, and both on every host. */
export function registryCertificates(session: Session, pki: RegistryPki, skip = false): Module {
  const { plan } = session;
  const name = registryName(plan);
  const certificate = (path: string) => readFileSync(`${path}${pki.suffixes.certificate}`);
  const key = (path: string) => readFileSync(`${path}${pki.suffixes.key}`);
  return {
    name: "InitRegistryModule",
    skip,
    tasks: () => [
      task({
        name: "GenerateRegistryCerts",
        description: "Generate registry Certs",
        run: async () => {
          mkdirSync(dirname(pki.authority), { recursive: true, mode: 0o700 });
          runLocally("sign registry certs", `set -e\n${registryPkiScript(pki, plan)}`);
        },
      }),
      task<HostPlan>({
        name: "SyncCertsFile",
        description: "Synchronize certs file",
        hosts: plan.groups.registry,
        tries: 1,
        run: async (host) => {
          const base = `/etc/ssl/registry/ssl/${name}`;
          const files = [
            { path: "/etc/ssl/registry/ssl/ca.pem", content: certificate(pki.authority) },
            { path: `${base}.pem`, content: certificate(pki.server) },
            { path: `${base}-key.pem`, content: key(pki.server), mode: "600" },
          ];
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
              { path: `${certs}/ca.crt`, content: certificate(pki.authority) },
              { path: `${certs}/${name}.cert`, content: certificate(pki.client) },
              { path: `${certs}/${name}.key`, content: key(pki.client), mode: "600" },
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
            startRegistryScript(plan, host, session.programs.harbor),
          );
        },
      }),
    ],
  };
}
