import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { ClusterPlan } from "../cluster/plan";
import { Stop } from "../engine/stop";
import { documentFaults, type Fault, parseSpec, specFaults } from "./checks";
import type { ClusterSpec } from "./config-schema";
import { expandRange, planOf } from "./plan";

/** What a config file says, as kk's own objects. */
export interface LoadedConfig {
  readonly spec: ClusterSpec;
  readonly plan: ClusterPlan;
}

/** A message before which the real kk ends by itself, with its exit code. */
function refuse(exitCode: number, text: string): never {
  throw new Stop(exitCode, text);
}

/**
 * Reads a config as the real kk would and then some: what that would silently ignore ends the run with a line that
 * says so. @throws {Stop} with the real one's exit code: 0 for haproxy with an address, 2 where it panics.
 */
export function loadConfig(path: string): LoadedConfig {
  return readConfig(readText(path));
}

/** The same for the text of a config. */
export function readConfig(text: string): LoadedConfig {
  const document = clusterDocument(text);
  const faults: Fault[] = documentFaults(document);
  const metadata = document.metadata as { name?: unknown } | undefined;
  if (typeof metadata?.name !== "string" || metadata.name === "") {
    refuse(
      2,
      "panic: interface conversion: interface {} is nil, not map[string]interface {}\n\ngoroutine 1 [running]:",
    );
  }
  const parsed = parseSpec(document.spec);
  faults.push(...parsed.faults);
  const fatal = faults.find((fault) => !fault.ignored);
  if (fatal !== undefined) refuse(1, `error: ${fatal.text}`);
  if (parsed.spec === undefined) refuse(1, ignoredText(faults));
  const { spec } = parsed;
  refuseAsTheRealOne(spec);
  faults.push(...specFaults(spec));
  if (faults.length > 0) refuse(1, ignoredText(faults));
  return { spec, plan: planOf(metadata.name, spec) };
}

function ignoredText(faults: readonly Fault[]): string {
  return faults.map((fault) => `[rehearsal] real kk would ignore this: ${fault.text}`).join("\n");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return refuse(
      1,
      `error: unable to read the given cluster configuration file: open ${path}: no such file or directory`,
    );
  }
}

function clusterDocument(text: string): Record<string, unknown> {
  const documents = parseAllDocuments(text);
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined)
      refuse(1, `error: unable to decode the cluster configuration: ${error.message}`);
  }
  const objects = documents.map((document) => document.toJS() as unknown);
  const wanted = objects.find(
    (object) =>
      typeof object === "object" &&
      object !== null &&
      (object as { kind?: unknown }).kind !== "ConfigMap",
  );
  if (wanted === undefined) refuse(1, "error: The number of master/control-plane cannot be 0");
  return wanted as Record<string, unknown>;
}

function refuseAsTheRealOne(spec: ClusterSpec): void {
  const names = new Set(spec.hosts.map((host) => host.name));
  for (const [group, members] of Object.entries(spec.roleGroups)) {
    for (const member of members.flatMap(expandRange)) {
      if (!names.has(member))
        refuse(1, `[FATA] [${member}] is in [${group}] group, but not in hosts list`);
    }
  }
  const { master = [], "control-plane": controlPlane = [], etcd = [] } = spec.roleGroups;
  if (master.length + controlPlane.length === 0)
    refuse(1, "[FATA] The number of master/control-plane cannot be 0");
  if (etcd.length === 0 && (spec.etcd?.type ?? "kubekey") === "kubekey")
    refuse(1, "[FATA] The number of etcd cannot be 0");
  if (
    spec.controlPlaneEndpoint?.internalLoadbalancer === "haproxy" &&
    spec.controlPlaneEndpoint.address
  ) {
    refuse(
      0,
      "\nYou cannot set up the internal load balancer and the LB address at the same time.",
    );
  }
  if (spec.kubernetes?.audit?.enabled === true && spec.kubernetes.autoRenewCerts === undefined) {
    refuse(
      2,
      "panic: runtime error: invalid memory address or nil pointer dereference\n\ngoroutine 1 [running]:",
    );
  }
}

/** The work directory: beside the kk executable, wherever kk is called from. */
export function workDirOf(executable: string): string {
  return join(executable, "..", "kubekey");
}
