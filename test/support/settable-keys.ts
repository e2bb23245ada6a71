import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../site/load";

/** Which values a chart takes, from the lists in test/fixtures/charts. */

const folder = join(projectRoot, "test/fixtures/charts");

interface Key {
  readonly steps: readonly string[];
  /** Anything may stand below. */
  readonly open: boolean;
}

/** Values of subcharts stand below a key of their chart. */
const subcharts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "rook-ceph": { "ceph-csi-operator": "ceph-csi-operator" },
  "argo-cd": { "redis-ha": "redis-ha" },
  "kube-prometheus-stack": {
    grafana: "grafana",
    "kube-state-metrics": "kube-state-metrics",
    "prometheus-node-exporter": "prometheus-node-exporter",
  },
  "ks-core": { "ks-crds": "ksCRDs", "redis-ha": "redisHA" },
};

/** Parts that a chart hands on as they are into a custom resource, whose schema checks them instead. */
const handedOn: Readonly<Record<string, readonly string[]>> = {
  // Resources too are handed on whole: the lists name no processor limit only because the defaults have none.
  "rook-ceph": [
    "resources",
    "containerSecurityContext",
    "ceph-csi-operator.controllerManager.podSecurityContext",
  ],
  "rook-ceph-cluster": [
    "toolbox.resources",
    "toolbox.containerSecurityContext",
    "cephClusterSpec",
    "cephBlockPools[].spec",
    "cephBlockPools[].storageClass.parameters",
    "cephFileSystems[].spec",
    "cephFileSystems[].storageClass.parameters",
    "cephObjectStores[].spec",
    "cephObjectStores[].storageClass.parameters",
  ],
  // Of Grafana's own settings the list names the few that the chart sets.
  "kube-prometheus-stack": [
    "grafana.grafana.ini",
    "prometheus-node-exporter.securityContext",
    "prometheus-node-exporter.containerSecurityContext",
  ],
  istiod: ["meshConfig", "resources.limits"],
  cni: ["resources.limits"],
  // Labels of nodes, handed on as they are.
  "argo-cd": ["global.nodeSelector"],
  "gitlab-runner": ["podSecurityContext"],
  gateway: ["service.ports[].nodePort", "podAnnotations"],
  ztunnel: ["resources.limits"],
  traefik: ["service.spec", "ports.traefik.nodePort"],
};

/** Keys of `values` that the chart would ignore or refuse, as paths. @throws when there is no list of it. */
export function strayKeys(chart: string, version: string, values: unknown): readonly string[] {
  const keys = [
    ...listed(chart, version),
    ...Object.entries(subcharts[chart] ?? {}).flatMap(([name, prefix]) =>
      listed(name, undefined).map((key) => ({ ...key, steps: [prefix, ...key.steps] })),
    ),
    ...(handedOn[chart] ?? []).map((path) => ({ steps: stepsOf(path), open: true })),
  ];
  return leaves(values, [])
    .filter((leaf) => !keys.some((key) => covers(key, leaf)))
    .map((leaf) => leaf.join("."));
}

function listed(chart: string, version: string | undefined): readonly Key[] {
  const file = readdirSync(folder).find((name) =>
    version === undefined
      ? new RegExp(`^${chart}-v?[0-9.]+\\.values\\.txt$`).test(name)
      : name === `${chart}-${version}.values.txt`,
  );
  if (file === undefined || !existsSync(join(folder, file))) {
    throw new Error(`test/fixtures/charts has no list of the keys of ${chart} ${version ?? ""}`);
  }
  return readFileSync(join(folder, file), "utf8")
    .split("\n")
    .filter((line) => line.includes(" = ") && !/\((unread|template, removed)/.test(line))
    .map((line) => {
      const cut = line.indexOf(" = ");
      const value = line.slice(cut + 3);
      return {
        steps: stepsOf(line.slice(0, cut)),
        open: /^(\{\}|\[\]|null|\(unset\))/.test(value),
      };
    });
}

/** `a.b[0].c` as steps; every place of a list is the same. */
function stepsOf(path: string): readonly string[] {
  return path
    .replaceAll('"', "")
    .replaceAll(/\[\d*\]/g, ".[]")
    .split(".")
    .filter((step) => step !== "");
}

/** Paths of all that is set. */
function leaves(value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((item) => leaves(item, [...path, "[]"]))
    : Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, ...key.split(".")]));
  return inner.length === 0 ? [path] : inner;
}

function covers({ steps, open }: Key, leaf: readonly string[]): boolean {
  const fits = (at: number) => steps[at] === leaf[at] || steps[at] === "*";
  const shared = Math.min(steps.length, leaf.length);
  for (let at = 0; at < shared; at++) if (!fits(at)) return false;
  if (leaf.length === steps.length) return true;
  // A list or map that is given whole, empty or not, in place of the listed entries of its default.
  if (leaf.length < steps.length) return true;
  return open || (leaf.length === steps.length + 1 && leaf.at(-1) === "[]");
}
