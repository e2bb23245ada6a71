import { appliedPath, type KubeKeyDriver, type KubeKeyPlace, type KubeKeyRun } from "./driver";
import { explainFailure } from "./failure-hints";
import { v3Cluster } from "./v3-cluster";
import { v3Problems } from "./v3-validate";
import { viewFor } from "./view";
import { toYaml } from "./yaml-text";

const KK = "kk";
const ARTIFACT = "kubekey-artifact.tar.gz";
const CLUSTER = "cluster.yaml";
const REGISTRY = "registry.yaml";

const HOUR_SECONDS = 3600;

/** `create cluster` and its kin: absolute path of kk, so that its state stays beside it, and never a question. */
function run(
  place: KubeKeyPlace,
  name: string,
  title: string,
  words: readonly string[],
  pipeline: string,
  hours: number,
  more: readonly string[] = [],
): KubeKeyRun {
  return {
    name,
    title,
    argv: [`${place.workDir}/${KK}`, ...words, "-y"],
    successMarkers: [`Pipeline[${pipeline}] execute successfully`, ...more],
    timeoutSeconds: hours * HOUR_SECONDS,
  };
}

function config(place: KubeKeyPlace, file: string): string[] {
  return ["-f", `${place.workDir}/${file}`];
}

function withArtifact(place: KubeKeyPlace, file: string): string[] {
  return [...config(place, file), "-a", `${place.workDir}/${ARTIFACT}`];
}

/** KubeKey v3.1.12, the end of its line: Kubernetes up to 1.33.4, with upgrade. */
export const v3Driver: KubeKeyDriver = {
  version: "v3.1.12",
  canUpgrade: true,
  kkFile: KK,
  artifactFile: ARTIFACT,
  registryPki: ({ workDir }, host) => ({
    ca: `${workDir}/kubekey/pki/registry/ca.pem`,
    cert: `${workDir}/kubekey/pki/registry/${host}.pem`,
    key: `${workDir}/kubekey/pki/registry/${host}-key.pem`,
  }),
  versionProbe: { args: ["version", "-o", "short"], pattern: /^v3\.1\.12$/m },

  renderFiles: (purpose, view) => [
    {
      path: purpose === "cluster" ? CLUSTER : REGISTRY,
      mode: 0o600,
      content: toYaml(v3Cluster(viewFor(purpose, view))),
    },
  ],
  validate: (files) => files.flatMap((file) => v3Problems(file.path, file.content)),

  initOs: (place) =>
    run(
      place,
      "init-os",
      "install the registry host's packages",
      ["init", "os", ...withArtifact(place, REGISTRY)],
      "InitDependenciesPipeline",
      2,
    ),
  initRegistry: (place) =>
    run(
      place,
      "init-registry",
      "set up the registry",
      ["init", "registry", ...withArtifact(place, REGISTRY)],
      "InitRegistryPipeline",
      2,
    ),
  pushImages: (place) =>
    run(
      place,
      "push-images",
      "push the images to the registry",
      ["artifact", "images", "push", ...withArtifact(place, REGISTRY)],
      "ArtifactImagesPushPipeline",
      6,
    ),
  createCluster: (place) =>
    run(
      place,
      "create-cluster",
      "create the cluster",
      [
        ...["create", "cluster", ...withArtifact(place, CLUSTER)],
        ...["--with-packages", "--skip-push-images"],
      ],
      "CreateClusterPipeline",
      6,
      ["Installation is complete."],
    ),
  addNodes: (place, _view, names) =>
    run(
      place,
      "add-nodes",
      `add ${names.join(", ")}`,
      ["add", "nodes", ...withArtifact(place, CLUSTER), "--with-packages"],
      "AddNodesPipeline",
      4,
    ),
  deleteNode: (place, name) =>
    run(
      place,
      `delete-node-${name}`,
      `remove the node ${name}`,
      ["delete", "node", name, ...config(place, appliedPath(CLUSTER))],
      "DeleteNodePipeline",
      1,
    ),
  deleteCluster: (place) =>
    run(
      place,
      "delete-cluster",
      "delete the cluster",
      ["delete", "cluster", ...config(place, appliedPath(CLUSTER))],
      "DeleteClusterPipeline",
      1,
    ),
  upgrade: (place, version) =>
    run(
      place,
      "upgrade",
      `upgrade to Kubernetes ${version}`,
      ["upgrade", ...withArtifact(place, CLUSTER), "--skip-dependency-check"],
      "UpgradeClusterPipeline",
      6,
    ),
  renewCertificates: (place) =>
    run(
      place,
      "renew-certificates",
      "renew the certificates",
      ["certs", "renew", ...config(place, appliedPath(CLUSTER))],
      "RenewCertsPipeline",
      1,
    ),
  shows: (line) => /\[[A-Za-z0-9]+Module\]|Pipeline\[|\[FATA\]|\[ERRO\]|^sitewright:/.test(line),
  explain: explainFailure,
};
