import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { listFlag, type Parsed, switchFlag, textFlag } from "../engine/command-line";
import { Stop } from "../engine/stop";
import { clusterImages, components, defaultKubernetes } from "./versions";

/** The real one asks for ever when its input ends; a rehearsal shows that and then stops. */
const endlessLines = 1000;

/** `create config`: a template that people edit. */
export function createConfig(parsed: Parsed): void {
  const version = textFlag(parsed, "with-kubernetes") ?? defaultKubernetes;
  const name = textFlag(parsed, "name") ?? "sample";
  const path = textFlag(parsed, "filename") ?? `config-${name}.yaml`;
  writeFresh(
    path,
    `apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
metadata:
  name: ${name}
spec:
  hosts:
  - {name: node1, address: 172.16.0.2, internalAddress: 172.16.0.2, user: ubuntu, password: "Qcloud@123"}
  roleGroups:
    etcd: [node1]
    control-plane: [node1]
    worker: [node1]
  controlPlaneEndpoint:
    domain: lb.kubesphere.local
    address: ""
    port: 6443
  kubernetes:
    version: ${version}
    clusterName: cluster.local
    autoRenewCerts: true
    containerManager: containerd
  etcd:
    type: kubekey
  network:
    plugin: calico
    kubePodsCIDR: 10.233.64.0/18
    kubeServiceCIDR: 10.233.0.0/18
  registry:
    privateRegistry: ""
    namespaceOverride: ""
  addons: []
`,
  );
  console.log("Generate KubeKey config file successfully");
}

/** `create manifest`: what an artifact is to hold. */
export function createManifest(parsed: Parsed): void {
  const versions = listFlag(parsed, "with-kubernetes");
  if (versions.length === 0)
    throw new Stop(
      1,
      "[rehearsal] real kk would read a running cluster here; give --with-kubernetes",
    );
  const arches = listFlag(parsed, "arch");
  const images = [...new Set(versions.flatMap((version) => clusterImages(version, true, true)))];
  const registry = switchFlag(parsed, "with-registry")
    ? `    docker-registry: {version: "${components.registry}"}\n    harbor: {version: ${components.harbor}}\n    docker-compose: {version: ${components.dockerCompose}}\n`
    : "";
  writeFresh(
    textFlag(parsed, "filename") ?? "manifest-sample.yaml",
    `apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Manifest
metadata: {name: ${textFlag(parsed, "name") ?? "sample"}}
spec:
  arches: [${(arches.length > 0 ? arches : ["amd64"]).join(", ")}]
  operatingSystems: []
  kubernetesDistributions:
${versions.map((version) => `  - {type: kubernetes, version: ${version}}\n`).join("")}  components:
    helm: {version: ${components.helm}}
    cni: {version: ${components.cni}}
    etcd: {version: ${components.etcd}}
    containerRuntimes: [{type: containerd, version: ${components.containerd}}]
    calicoctl: {version: ${components.calico}}
    crictl: {version: ${components.crictl}}
${registry}  images:
${images.map((image) => `  - docker.io/${image}\n`).join("")}  registry: {auths: {}}
`,
  );
  console.log("Generate KubeKey manifest file successfully");
}

function writeFresh(path: string, content: string): void {
  if (existsSync(path)) askToOverwrite(path);
  writeFileSync(path, content);
}

function askToOverwrite(path: string): void {
  const answers = readFileSync(0, "utf8").split("\n");
  for (let line = 0; line < endlessLines; line++) {
    process.stdout.write(
      `${path} already exists. Are you sure you want to overwrite this file? [yes/no]: `,
    );
    const answer = answers[line]?.trim().toLowerCase();
    if (answer === "yes" || answer === "y") return;
    if (answer === "no" || answer === "n") throw new Stop(0);
  }
  throw new Stop(
    1,
    `\n[rehearsal] real kk would ask for ever: ${path} exists and its input has ended`,
  );
}
