import { existsSync, readFileSync } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import type { z } from "zod";
import { cidrHolds, cidrsOverlap, parseCidr } from "../cluster/addresses";
import type { ClusterPlan } from "../cluster/plan";
import { Stop } from "../engine/stop";
import { planOf } from "./plan";
import { type ConfigSpec, configSpec, type InventorySpec, inventorySpec } from "./schema";

/** An inventory and a config as kk v4 was given them. */
export interface LoadedFiles {
  readonly plan: ClusterPlan;
  readonly inventory: unknown;
  readonly config: unknown;
}

/** Reads both files and checks them as strictly as the real one should. @throws {Stop} 1 with every fault. */
export function loadFiles(inventoryPath: string, configPath: string, workDir: string): LoadedFiles {
  return readFiles(text(inventoryPath, "inventory"), text(configPath, "config"), workDir);
}

/** The same for the texts of the files. */
export function readFiles(inventoryText: string, configText: string, workDir: string): LoadedFiles {
  const faults: string[] = [];
  const inventory = document(inventoryText, "Inventory", faults);
  const config = document(configText, "Config", faults);
  const hosts = shaped(inventorySpec, inventory.spec, "Inventory", faults);
  const spec = shaped(configSpec, config.spec, "Config", faults);
  if (hosts !== undefined && spec !== undefined) faults.push(...specFaults(hosts, spec));
  if (faults.length > 0 || hosts === undefined || spec === undefined) {
    throw new Stop(
      1,
      faults.map((fault) => `[rehearsal] real kk would ignore this: ${fault}`).join("\n"),
    );
  }
  const name = (config.metadata as { name?: string } | undefined)?.name ?? "default";
  return { plan: planOf(name, hosts, spec, workDir), inventory, config };
}

function text(path: string, what: string): string {
  if (path === "" || !existsSync(path))
    throw new Stop(
      1,
      `Error: failed to get ${what} from file "${path}": open ${path}: no such file or directory`,
    );
  return readFileSync(path, "utf8");
}

function document(source: string, kind: string, faults: string[]): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(source);
  } catch (error) {
    throw new Stop(
      1,
      `Error: failed to unmarshal ${kind}: ${error instanceof YAMLParseError ? error.message : String(error)}`,
    );
  }
  const object = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (object.apiVersion !== "kubekey.kubesphere.io/v1")
    faults.push(`${kind}.apiVersion must be kubekey.kubesphere.io/v1`);
  if (object.kind !== kind) faults.push(`${kind}: kind is ${JSON.stringify(object.kind)}`);
  return object;
}

function shaped<T>(
  schema: z.ZodType<T>,
  value: unknown,
  kind: string,
  faults: string[],
): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const at = [kind, "spec", ...issue.path].join(".");
    if (issue.code === "unrecognized_keys")
      faults.push(...issue.keys.map((key) => `unknown key ${at}.${key}`));
    else faults.push(`${at}: ${issue.message}`);
  }
  return undefined;
}

function specFaults(inventory: InventorySpec, config: ConfigSpec): string[] {
  const faults: string[] = [];
  for (const [group, { hosts = [] }] of Object.entries(inventory.groups)) {
    for (const host of hosts)
      if (inventory.hosts[host] === undefined)
        faults.push(`group ${group} names the unknown host ${host}`);
  }
  const pods = config.cni?.pod_cidr ?? "10.233.64.0/18";
  const services = config.cni?.service_cidr ?? "10.233.0.0/18";
  for (const cidr of [pods, services])
    if (parseCidr(cidr) === undefined) faults.push(`${cidr} is no subnet`);
  if (cidrsOverlap(pods, services)) faults.push(`${pods} and ${services} overlap`);
  const seen = new Set<string>();
  for (const [name, host] of Object.entries(inventory.hosts)) {
    const address = host.internal_ipv4 ?? host.connector.host ?? "";
    if (host.connector.type !== "ssh")
      faults.push(`host ${name}: without connector.type ssh it may run on the installer itself`);
    if (seen.has(address)) faults.push(`two hosts have the address ${address}`);
    seen.add(address);
    for (const cidr of [pods, services])
      if (cidrHolds(cidr, address)) faults.push(`host ${name}: ${address} is inside ${cidr}`);
  }
  const timezone = config.native?.timezone;
  if (timezone === undefined) faults.push("native.timezone is not set and becomes Asia/Shanghai");
  if (config.native?.ntp?.enabled !== false && config.native?.ntp?.servers === undefined) {
    faults.push("native.ntp.servers is not set and becomes cn.pool.ntp.org");
  }
  return faults;
}
