import { RunError } from "../../../site/run-error";
import { compareVersions, parseVersion } from "./kubernetes-version";

/** A node as the cluster itself reports it. */
export interface CurrentNode {
  readonly name: string;
  readonly ready: boolean;
  /** Version of its kubelet, for example v1.33.4. */
  readonly kubelet: string;
  readonly controlPlane: boolean;
}

/** What was found at the site, over SSH. */
export interface CurrentCluster {
  /** For each control-plane host of the site: whether /etc/kubernetes/admin.conf is there. */
  readonly adminConf: Readonly<Record<string, boolean>>;
  /** Nodes of the cluster; undefined when there is no cluster, or its API server did not answer. */
  readonly nodes?: readonly CurrentNode[];
  /** Names of nodes after the last success; empty before the first. */
  readonly applied: readonly string[];
  /** Settings of the last success that kk never changes afterwards. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What the site wants. */
export interface WantedCluster {
  readonly site: string;
  readonly kubernetes: string;
  readonly controlPlane: readonly string[];
  readonly etcd: readonly string[];
  readonly worker: readonly string[];
  /** Settings that only a new cluster takes, by the words of the site file. */
  readonly settings: Readonly<Record<string, string>>;
  readonly upgrade: boolean;
  /** Printed in messages, for example v4.0.6. */
  readonly kubekey: string;
}

export type PlannedRun =
  | { readonly kind: "create" }
  | { readonly kind: "add-nodes"; readonly names: readonly string[] }
  | { readonly kind: "delete-node"; readonly name: string }
  | { readonly kind: "upgrade"; readonly version: string };

/**
 * The runs that lead from what is there to what is wanted; none when nothing is to do. Pure. Throws RunError for
 * every situation in which another run of kk would do harm.
 */
export function planRuns(current: CurrentCluster, wanted: WantedCluster): readonly PlannedRun[] {
  refuseMixedControlPlane(current, wanted);
  refuseOtherSettings(current, wanted);
  const initialised = Object.values(current.adminConf).some(Boolean);
  if (!initialised) {
    if (current.applied.length > 0) throw lostCluster(wanted);
    return [{ kind: "create" }];
  }
  if (!current.nodes) throw silentCluster(wanted);
  const nodes = current.nodes;
  const names = new Set([...wanted.controlPlane, ...wanted.worker]);
  const known = new Set(nodes.map((node) => node.name));
  const gone = nodes.filter((node) => !names.has(node.name));
  const fresh = [...names].filter((name) => !known.has(name));
  // After a first run that never succeeded, create cluster itself goes on: it skips what is there, and every
  // control plane agrees, so it cannot initialise the first one twice.
  if (current.applied.length === 0 && gone.length === 0) {
    refuseOtherVersion(nodes, wanted);
    return [{ kind: "create" }];
  }
  const upgrade = upgrades(nodes, wanted);
  if (upgrade.length > 0 && (gone.length > 0 || fresh.length > 0)) {
    const others = [...gone.map((node) => node.name), ...fresh].join(", ");
    throw new RunError(
      `the site changes both the Kubernetes version and its nodes (${others}); kk does one at a time`,
      { exitCode: 6, nextStep: "upgrade first with the old set of hosts, then change the hosts" },
    );
  }
  return [
    ...gone.map((node) => deletion(node, current, wanted)),
    ...upgrade,
    ...(fresh.length > 0 ? [{ kind: "add-nodes", names: fresh } as const] : []),
  ];
}

/** True for a half-made cluster that never was in use: the one state that may be thrown away and begun again. */
export function isHalfMade(current: CurrentCluster): boolean {
  const found = Object.values(current.adminConf);
  return current.applied.length === 0 && found.some(Boolean) && !found.every(Boolean);
}

/**
 * kk v3 keeps the answer of the last control-plane host it asked: were one without admin.conf asked last, it would
 * run kubeadm init on the first one again, fail, and reset a healthy control plane.
 */
function refuseMixedControlPlane(current: CurrentCluster, wanted: WantedCluster): void {
  const has = wanted.controlPlane.filter((name) => current.adminConf[name]);
  const lacks = wanted.controlPlane.filter((name) => !current.adminConf[name]);
  if (has.length === 0 || lacks.length === 0) return;
  const added = lacks.every((name) => !current.applied.includes(name));
  if (current.applied.length > 0 && added && current.nodes) return;
  throw new RunError(
    `control planes disagree: ${has.join(", ")} has /etc/kubernetes/admin.conf, ${lacks.join(", ")} has not. Running kk create again could reset ${has[0]}, so nothing was run`,
    {
      exitCode: 6,
      nextStep: isHalfMade(current)
        ? `if nothing on this half-made cluster is needed, run the same command with SITEWRIGHT_DESTROY=${wanted.site} set: it is deleted and begun again`
        : `look at kubelet and etcd on ${lacks.join(", ")}; a lost control plane is replaced by hand with "kk add nodes"`,
    },
  );
}

/** kk takes these at the first run and ignores them ever after: a silent difference would be believed. */
function refuseOtherSettings(current: CurrentCluster, wanted: WantedCluster): void {
  if (current.applied.length === 0) return;
  const changed = Object.entries(current.settings).filter(
    ([key, value]) => wanted.settings[key] !== undefined && wanted.settings[key] !== value,
  );
  if (changed.length === 0) return;
  const list = changed.map(([key, value]) => `${key} from "${value}" to "${wanted.settings[key]}"`);
  throw new RunError(`KubeKey cannot change these on a running cluster: ${list.join("; ")}`, {
    exitCode: 6,
    nextStep: "put the old values back into the site; other ones need a new cluster",
  });
}

function deletion(node: CurrentNode, current: CurrentCluster, wanted: WantedCluster): PlannedRun {
  if (node.controlPlane || wanted.etcd.includes(node.name)) {
    throw new RunError(`${node.name} is a control plane or etcd member; kk removes workers only`, {
      exitCode: 6,
      nextStep: `put ${node.name} back into the site, or move the site to a new cluster`,
    });
  }
  if (!current.applied.includes(node.name)) {
    throw new RunError(
      `the cluster has a node ${node.name} that neither the site nor its last run knows`,
      {
        exitCode: 6,
        nextStep: `add the host ${node.name} to the site, or remove it with kubectl drain and kubectl delete node`,
      },
    );
  }
  return { kind: "delete-node", name: node.name };
}

function upgrades(nodes: readonly CurrentNode[], wanted: WantedCluster): readonly PlannedRun[] {
  const versions = nodes.map((node) => node.kubelet).filter((version) => parseVersion(version));
  const newer = versions.find((version) => compareVersions(version, wanted.kubernetes) > 0);
  if (newer !== undefined) {
    throw new RunError(
      `the cluster runs Kubernetes ${newer}, the site wants the older ${wanted.kubernetes}; there is no way back`,
      { exitCode: 6, nextStep: `set kubernetes to ${newer} in the site` },
    );
  }
  const older = versions.find((version) => compareVersions(version, wanted.kubernetes) < 0);
  if (older === undefined) return [];
  if (!wanted.upgrade) {
    throw new RunError(
      `the cluster runs Kubernetes ${older}, the site wants ${wanted.kubernetes}, and kk ${wanted.kubekey} has no upgrade`,
      {
        exitCode: 6,
        nextStep: `stay on ${older} in the site, or pin a KubeKey release that has "kk upgrade"`,
      },
    );
  }
  const skipped = versions.find((version) => minorsBetween(version, wanted.kubernetes) > 1);
  if (skipped !== undefined) {
    throw new RunError(
      `the cluster runs Kubernetes ${skipped}, the site wants ${wanted.kubernetes}; kk would go through the versions between, which no bundle holds`,
      { exitCode: 6, nextStep: "upgrade by one minor, deploy, then by the next" },
    );
  }
  return [{ kind: "upgrade", version: wanted.kubernetes }];
}

function minorsBetween(from: string, to: string): number {
  return (parseVersion(to)?.[1] ?? 0) - (parseVersion(from)?.[1] ?? 0);
}

function refuseOtherVersion(nodes: readonly CurrentNode[], wanted: WantedCluster): void {
  const other = nodes.find((node) => node.kubelet !== wanted.kubernetes);
  if (!other) return;
  throw new RunError(
    `a first run left ${other.name} at Kubernetes ${other.kubelet}, and the site wants ${wanted.kubernetes} now`,
    {
      exitCode: 6,
      nextStep: `finish with ${other.kubelet} first, then change the version; or delete the cluster and start over`,
    },
  );
}

function lostCluster(wanted: WantedCluster): RunError {
  return new RunError(
    `a cluster was set up here before, but none of ${wanted.controlPlane.join(", ")} has /etc/kubernetes/admin.conf any more`,
    {
      exitCode: 6,
      nextStep:
        "find out what happened to these hosts; to start over, remove the *.applied.yaml files from the work folder on the installer",
    },
  );
}

function silentCluster(wanted: WantedCluster): RunError {
  return new RunError(
    `${wanted.controlPlane[0]} was set up as a control plane, but its API server does not answer`,
    {
      exitCode: 6,
      nextStep:
        "look there at `crictl ps -a`, `journalctl -u kubelet` and `systemctl status etcd`; nothing was changed",
    },
  );
}
