import { appliedPath, type KubeKeyDriver, type KubeKeyPlace, type KubeKeyRun } from "./driver";
import { explainFailure } from "./failure-hints";
import { v4Config } from "./v4-config";
import { v4Inventory } from "./v4-inventory";
import { v4Problems } from "./v4-validate";
import { type Purpose, viewFor } from "./view";
import { toYaml } from "./yaml-text";

const KK = "kk";
const ARTIFACT = "kubekey-artifact.tgz";
const HOUR_SECONDS = 3600;

function inventory(purpose: Purpose): string {
  return `${purpose}-inventory.yaml`;
}

function config(purpose: Purpose): string {
  return `${purpose}-config.yaml`;
}

/** kk v4 never asks anything; it needs its folder named, or it takes the current one. */
function run(
  { workDir }: KubeKeyPlace,
  name: string,
  title: string,
  words: readonly string[],
  files: { readonly inventory: string; readonly config: string },
  hours: number,
  artifact = true,
): KubeKeyRun {
  return {
    name,
    title,
    argv: [
      `${workDir}/${KK}`,
      ...words,
      ...["-i", `${workDir}/${files.inventory}`, "-c", `${workDir}/${files.config}`],
      ...(artifact ? ["-a", `${workDir}/${ARTIFACT}`] : []),
      ...["--workdir", `${workDir}/kubekey`],
    ],
    // The play's last line, with no task failed; an unreachable host counts as a failure only there.
    successMarkers: ["] finish. total: ", ",failed: 0"],
    timeoutSeconds: hours * HOUR_SECONDS,
  };
}

const cluster = { inventory: inventory("cluster"), config: config("cluster") };
const registry = { inventory: inventory("registry"), config: config("registry") };
const applied = {
  inventory: appliedPath(cluster.inventory),
  config: appliedPath(cluster.config),
};

/** KubeKey v4.0.6: Kubernetes up to 1.34, without upgrade. */
export const v4Driver: KubeKeyDriver = {
  version: "v4.0.6",
  canUpgrade: false,
  kkFile: KK,
  artifactFile: ARTIFACT,
  registryPki: ({ workDir }) => ({
    ca: `${workDir}/kubekey/kubekey/pki/root.crt`,
    cert: `${workDir}/kubekey/kubekey/pki/image-registry-client.crt`,
    key: `${workDir}/kubekey/kubekey/pki/image-registry-client.key`,
  }),
  versionProbe: { args: ["version"], pattern: /v4\.0\.6\b/ },

  renderFiles: (purpose, view) => {
    const part = viewFor(purpose, view);
    return [
      { path: inventory(purpose), mode: 0o600, content: toYaml(v4Inventory(part)) },
      { path: config(purpose), mode: 0o600, content: toYaml(v4Config(part)) },
    ];
  },
  validate: v4Problems,

  initOs: (place) =>
    run(place, "init-os", "install the registry host's packages", ["init", "os"], registry, 2),
  initRegistry: (place) =>
    run(place, "init-registry", "set up the registry", ["init", "registry"], registry, 2),
  pushImages: (place) =>
    run(
      place,
      "push-images",
      "push the images to the registry",
      ["artifact", "images", "--push"],
      registry,
      6,
    ),
  createCluster: (place) =>
    run(place, "create-cluster", "create the cluster", ["create", "cluster"], cluster, 6),
  addNodes: (place, view, names) => {
    const { groups } = view.cluster;
    const among = (group: readonly string[]) => group.filter((name) => names.includes(name));
    const flags = [
      ["--control-plane", among(groups.controlPlane)],
      ["--worker", among(groups.worker)],
      ["--etcd", among(groups.etcd)],
    ] as const;
    const words = flags.flatMap(([flag, hosts]) =>
      hosts.length > 0 ? [flag, hosts.join(",")] : [],
    );
    return run(
      place,
      "add-nodes",
      `add ${names.join(", ")}`,
      ["add", "nodes", ...words],
      cluster,
      4,
    );
  },
  deleteNode: (place, name) =>
    run(
      place,
      `delete-node-${name}`,
      `remove the node ${name}`,
      ["delete", "nodes", name],
      applied,
      1,
      false,
    ),
  deleteCluster: (place) =>
    run(place, "delete-cluster", "delete the cluster", ["delete", "cluster"], applied, 1, false),
  upgrade: () => ({
    unsupported:
      "kk v4.0.6 has no upgrade: `kk upgrade` first appears in a later release; pin that release, or stay on this Kubernetes version",
  }),
  renewCertificates: (place) =>
    run(
      place,
      "renew-certificates",
      "renew the certificates",
      ["certs", "renew"],
      applied,
      1,
      false,
    ),
  shows: (line) => /\[Playbook |^\s*\[?TASK|^\S+ \S+ \[[^\]]+\]|failed|^sitewright:/i.test(line),
  explain: explainFailure,
};
