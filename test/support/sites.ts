import { loadCatalogue } from "../../site/catalogue";
import { type LoadedSite, loadSite, projectRoot, resolveSite } from "../../site/load";
import { ProblemsError } from "../../site/problems";
import { workloadSettings } from "../../site/workload/defaults";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";

/** Sites as code, each as small as its test allows. */

export const catalogue = loadCatalogue(projectRoot);

/** A sound site in plain data: one control-plane host, two workers, a registry host. Free to be changed. */
// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
export function smallSite(): any {
  const size = { cpus: 4, memoryGiB: 8, diskGiB: 100 };
  return {
    release: "2026.11",
    access: { user: "deliver", passwordSecret: "sshPassword", sudo: "password" },
    hosts: [
      { name: "control-1", address: "192.0.2.11", roles: ["control-plane", "etcd"], ...size },
      { name: "worker-1", address: "192.0.2.21", roles: ["worker"], ...size },
      { name: "worker-2", address: "192.0.2.22", roles: ["worker"], ...size },
      { name: "registry-1", address: "192.0.2.31", roles: ["registry"], ...size },
    ],
    cluster: { kubernetes: "v1.33.4", kubekey: "v3.1.12" },
    workloads: { web: { replicas: 2 } },
  };
}

export const secretNames = ["sshPassword"];

const samples = new Map<string, LoadedSite>();

/** One of the sample sites, read once. */
export function sampleSite(name: "site-a" | "site-b"): LoadedSite {
  const sample = samples.get(name) ?? loadSite(name);
  samples.set(name, sample);
  return sample;
}

/** Reads a site as Pulumi hands it out. */
export function resolve(data: unknown, secrets: readonly string[] = secretNames): LoadedSite {
  return resolveSite({ name: "site-t", data, secretNames: secrets }, projectRoot, catalogue);
}

/** Problems of a site, each as `path: needs`; empty when there are none. */
export function problemsOf(
  data: unknown,
  secrets: readonly string[] = secretNames,
): readonly string[] {
  try {
    resolveSite({ name: "site-t", data, secretNames: secrets }, projectRoot, catalogue);
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) {
      return error.problems.map(({ path, needed }) => `${path}: ${needed}`);
    }
    throw error;
  }
}

/** When a Pod is asked, unless the release says otherwise. */
export const probeTimes = {
  startup: { everySeconds: 2, timeoutSeconds: 1, failures: 60 },
  readiness: { everySeconds: 5, timeoutSeconds: 3, failures: 2 },
  liveness: { everySeconds: 15, timeoutSeconds: 5, failures: 4 },
};

/** A Deployment with everything that a workload can have, apart from what only other kinds have. */
export function workload(differences: Partial<WorkloadBlueprint> = {}): WorkloadBlueprint {
  return {
    name: "web",
    namespace: "parcels",
    kind: "Deployment",
    image: `dockerhub.kubekey.local/library/nginx:1.29@sha256:${"0".repeat(64)}`,
    version: "1.29",
    replicas: 3,
    command: [],
    args: [],
    env: { MODE: "fast" },
    files: {},
    secretEnv: {},
    secretFiles: {},
    init: [],
    ports: [{ name: "http", port: 8080, protocol: "http" }],
    probe: { port: 8080, path: "/healthz", ...probeTimes },
    resources: {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "1", memory: "256Mi" },
    },
    antiAffinity: "preferred",
    claims: [],
    volumes: [],
    settings: workloadSettings(
      {},
      {
        kind: differences.kind ?? "Deployment",
        served: (differences.ports ?? [true]).length > 0,
        antiAffinity: differences.antiAffinity ?? "preferred",
        boundVolume: false,
        timezone: "Etc/UTC",
      },
    ),
    patienceSeconds: 660,
    labels: { "app.kubernetes.io/part-of": "parcels" },
    nodeSelector: {},
    tolerates: [],
    logs: { format: "text", folders: [] },
    maxUnavailable: 1,
    after: [],
    ...differences,
  };
}
