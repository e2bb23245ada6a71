import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { firstControlPlane } from "../cluster/plan";
import { v4RegistryPki } from "../cluster/registry";
import { type Module, task } from "../engine/pipeline";
import { runLocally, type Session } from "../engine/session";
import { quoted } from "../engine/shell-text";
import {
  configureKubernetes,
  internalLoadBalancer,
  kubeVip,
  networkPlugin,
} from "../modules/after-join";
import { type ClusterState, clusterStatus } from "../modules/cluster-state";
import { installContainer } from "../modules/container";
import { clusterDns, initKubernetes } from "../modules/control-plane";
import { etcdModules } from "../modules/etcd";
import { makeProjects } from "../modules/harbor-projects";
import { pullImages, pushImages } from "../modules/images";
import { joinNodes } from "../modules/join";
import { kubeBinaries } from "../modules/kube-binaries";
import { configureOs } from "../modules/operating-system";
import { installRegistry, registryCertificates } from "../modules/registry";

/** Unpacks the artifact, every time anew. */
export function downloadModule(session: Session, artifact: string | undefined): Module {
  return {
    name: "download",
    skip: artifact === undefined,
    tasks: () => [
      task({
        name: "ExtractArtifact",
        description: "Artifact | Extract artifact to the working directory",
        run: async () => {
          mkdirSync(session.workDir, { recursive: true });
          rmSync(`${session.workDir}/images`, { recursive: true, force: true });
          runLocally(
            "Artifact | Extract artifact",
            `tar -xzf ${quoted(artifact ?? "")} -C ${quoted(session.workDir)} --no-same-owner`,
          );
        },
      }),
    ],
  };
}

/** Registry certificates; they are made even where the registry is not kk's. */
export function certificatesModule(session: Session): Module {
  return registryCertificates(
    session,
    v4RegistryPki(session.workDir),
    session.plan.groups.registry.length === 0,
  );
}

/** Role image-registry on its host, and the push from kk's machine. */
export function registryModules(session: Session, push: boolean): Module[] {
  const none = session.plan.groups.registry.length === 0;
  const skip = !push || session.plan.registry.host === "";
  return [
    { ...installRegistry(session), skip: none },
    makeProjects(session, skip),
    pushImages(session, { skip }),
  ];
}

/** `create cluster`, once the hosts and the registry are ready; `add nodes` runs the same with `fresh` false. */
export function clusterModules(session: Session, fresh: boolean): Module[] {
  const { plan } = session;
  const state: ClusterState = { exists: !fresh };
  const first = firstControlPlane(plan);
  return [
    ...etcdModules(session),
    installContainer(session),
    pullImages(session, false),
    kubeBinaries(session),
    // Unlike v3, only the node that was initialised counts.
    clusterStatus(session, state, [first]),
    initKubernetes(session, state),
    kubeVip(session),
    joinNodes(session),
    internalLoadBalancer(session),
    clusterDns(session),
    networkPlugin(session),
    configureKubernetes(session),
    {
      name: "kubernetes/init-kubernetes",
      tasks: () => [
        task({
          name: "FetchKubeconfig",
          description: "Init | Fetch kubeconfig to control machine",
          run: async () => {
            const text = await session.readRootFile(first, "/etc/kubernetes/admin.conf");
            writeFileSync(`${session.workDir}/kubeconfig`, text, { mode: 0o600 });
          },
        }),
      ],
    },
  ];
}

/** Role native: hosts file, names, clocks. */
export function nativeModule(session: Session): Module {
  return { ...configureOs(session), name: "native" };
}
