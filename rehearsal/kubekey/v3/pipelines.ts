import { v3RegistryPki } from "../cluster/registry";
import type { Module } from "../engine/pipeline";
import type { Session } from "../engine/session";
import {
  configureKubernetes,
  internalLoadBalancer,
  kubeVip,
  networkPlugin,
  saveKubeconfig,
} from "../modules/after-join";
import { binaries, unpackArtifact } from "../modules/artifact";
import { type ClusterState, clusterStatus } from "../modules/cluster-state";
import { installContainer } from "../modules/container";
import { clusterDns, initKubernetes } from "../modules/control-plane";
import { customScripts } from "../modules/custom-scripts";
import { etcdModules } from "../modules/etcd";
import { pullImages, pushImages } from "../modules/images";
import { joinNodes } from "../modules/join";
import { kubeBinaries } from "../modules/kube-binaries";
import { configureOs } from "../modules/operating-system";
import { osPackages } from "../modules/packages";
import { confirm, greetings, nodePreCheck, type PreCheck } from "../modules/precheck";
import { installRegistry, registryCertificates } from "../modules/registry";
import type { ClusterSpec } from "./config-schema";
import { binaryPaths, defaultKubernetes, registryPaths, supportedKubernetes } from "./versions";

/** The switches of `create cluster` and `add nodes`. */
export interface InstallOptions {
  readonly artifact?: string;
  readonly withPackages: boolean;
  readonly skipPushImages: boolean;
  readonly skipPullImages: boolean;
  readonly yes: boolean;
}

function before(session: Session, spec: ClusterSpec, options: InstallOptions): Module[] {
  const found: PreCheck = new Map();
  const rules = {
    withPackages: options.withPackages,
    yes: options.yes,
    supported: supportedKubernetes,
    defaultVersion: defaultKubernetes,
  };
  return [
    greetings(session),
    customScripts(session, "PreInstall", spec.system?.preInstall ?? []),
    nodePreCheck(session, found),
    confirm(session, found, rules),
    unpackArtifact(session, options.artifact),
    osPackages(session, options.artifact === undefined || !options.withPackages),
    binaries(session, "NodeBinariesModule", (arch) => binaryPaths(session.plan.kubernetes, arch)),
    configureOs(session),
  ];
}

/** `create cluster`. */
export function createCluster(
  session: Session,
  spec: ClusterSpec,
  options: InstallOptions,
): Module[] {
  const state: ClusterState = { exists: false };
  const { plan } = session;
  const etcd = (spec.etcd?.type ?? "kubekey") === "kubekey" ? etcdModules(session) : [];
  return [
    ...before(session, spec, options),
    clusterStatus(session, state),
    installContainer(session),
    pushImages(session, {
      skip: options.skipPushImages || options.artifact === undefined || plan.registry.host === "",
    }),
    pullImages(session, options.skipPullImages),
    ...etcd,
    kubeBinaries(session),
    initKubernetes(session, state),
    kubeVip(session),
    clusterDns(session),
    clusterStatus(session, state),
    joinNodes(session),
    internalLoadBalancer(session),
    networkPlugin(session),
    configureKubernetes(session),
    saveKubeconfig(session),
    customScripts(session, "PostClusterInstall", spec.system?.postClusterInstall ?? []),
    customScripts(session, "PostInstall", spec.system?.postInstall ?? []),
  ];
}

/** `add nodes`. */
export function addNodes(session: Session, spec: ClusterSpec, options: InstallOptions): Module[] {
  const state: ClusterState = { exists: false };
  return [
    ...before(session, spec, options),
    registryCertificates(
      session,
      v3RegistryPki(session.workDir, session.plan),
      session.plan.groups.registry.length === 0,
    ),
    clusterStatus(session, state),
    installContainer(session),
    pullImages(session, options.skipPullImages),
    ...etcdModules(session),
    kubeBinaries(session),
    joinNodes(session),
    internalLoadBalancer(session),
    configureKubernetes(session),
    customScripts(session, "PostInstall", spec.system?.postInstall ?? []),
  ];
}

/** `init os`. */
export function initOs(
  session: Session,
  spec: ClusterSpec,
  artifact: string | undefined,
): Module[] {
  return [
    greetings(session),
    unpackArtifact(session, artifact),
    osPackages(session, artifact === undefined),
    customScripts(session, "PreInstall", spec.system?.preInstall ?? []),
  ];
}

/** `init registry`. */
export function initRegistry(session: Session, artifact: string | undefined): Module[] {
  const { type } = session.plan.registry;
  return [
    greetings(session),
    unpackArtifact(session, artifact),
    binaries(session, "RegistryPackageModule", (arch) => registryPaths(type, arch)),
    configureOs(session),
    registryCertificates(session, v3RegistryPki(session.workDir, session.plan)),
    installRegistry(session),
  ];
}

/** `artifact images push`. */
export function pushArtifactImages(
  session: Session,
  artifact: string | undefined,
  folder: string | undefined,
): Module[] {
  return [
    greetings(session),
    unpackArtifact(session, artifact),
    pushImages(session, {
      skip: session.plan.registry.host === "",
      ...(folder === undefined ? {} : { folder }),
    }),
  ];
}
