import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "../site/run-error";
import { type Expiry, makeFolders, type Rehearsal } from "./folders";
import { operatorHostsFile } from "./hosts/files";
import { pinHostKeys } from "./hosts/host-keys";
import { fillLayers, runInArea } from "./hosts/layers";
import { startHosts } from "./hosts/start";
import { hostPid, isAnswering } from "./hosts/status";
import { type Bind, layBinds } from "./keeper/binds";
import { livingRecord } from "./keeper/record";
import { startKeeper } from "./keeper/start";
import { proveNoRouteOut } from "./network/no-route-out";
import { bridgeScript, type NetworkPlan, planNetwork } from "./network/plan";
import { plannedHosts, type SimulatedSite, siteProblems } from "./simulated-site";

/** How to bring a simulated site up. */
export interface SiteMachines {
  readonly site: SimulatedSite;
  /**
   * Folder with unpacked Debian packages, at least openssh-server and sudo: `usr/`, `etc/`, `var/`.
   */
  readonly debianLayer: string;
  /** Folders of this machine that hosts see, read-only, at the same paths. */
  readonly visible: readonly string[];
  /** What the operator's side sees in place of the checkout's own folders and files. */
  readonly binds: readonly Bind[];
  readonly expiry: Expiry;
  /** Called when a step begins, with a short sentence for the progress view. */
  readonly progress?: (step: string) => void;
}

/** What was done to bring the site up. */
export interface SiteStart {
  readonly keeperStarted: boolean;
  /** Hosts that were started now; those that ran as described are not among them. */
  readonly hostsStarted: readonly string[];
  readonly network: NetworkPlan;
}

/**
 * Brings the machines of a site up, or completes what is there: keeper, network, hosts, pinned host
 * keys, names. A host that the site no longer names is left running, as a machine would.
 * @throws {MachineLacks} when this machine cannot; an Error naming the cause and the next step
 * otherwise.
 */
export async function startSite(rehearsal: Rehearsal, wanted: SiteMachines): Promise<SiteStart> {
  const { site, progress = () => undefined } = wanted;
  const problems = siteProblems(site);
  if (problems.length > 0) {
    const list = problems.map((problem) => `  - ${problem}`).join("\n");
    throw new RunError(`The site ${site.name} cannot be simulated:\n${list}`, {
      nextStep: `mend Pulumi.${site.name}.yaml and try again`,
      exitCode: 3,
    });
  }
  const hosts = plannedHosts(site);
  const network = planNetwork(site);
  makeFolders(rehearsal);
  progress("starting the rehearsal's own network and mounts");
  const keeper = await startKeeper(rehearsal, wanted.expiry);
  await runInArea(rehearsal, bridgeScript(network), "Making the site's network");
  await proveNoRouteOut(rehearsal);
  pinHostKeys(rehearsal, hosts);
  const hostsFile = join(rehearsal.folders.run, "hosts");
  // Written in place: what is laid over /etc/hosts is this very file.
  writeFileSync(hostsFile, operatorHostsFile(hosts, site.names), { mode: 0o644 });
  await layBinds(rehearsal, [...wanted.binds, { source: hostsFile, target: "/etc/hosts" }]);
  progress("preparing the hosts' common files");
  await fillLayers(rehearsal, wanted.debianLayer);
  progress(`starting ${hosts.length} hosts`);
  const hostsStarted = await startHosts(rehearsal, hosts, { network, visible: wanted.visible });
  await proveNoRouteOut(rehearsal);
  writeFileSync(siteFile(rehearsal), JSON.stringify(summaryOf(hosts)), { mode: 0o600 });
  return { keeperStarted: keeper.started, hostsStarted, network };
}

/** One host as it is now. */
export interface HostState {
  readonly name: string;
  readonly address: string;
  readonly sshPorts: readonly number[];
  /** True when its processes run. */
  readonly up: boolean;
  /** True when its SSH server listens. */
  readonly answering: boolean;
}

/** A rehearsal as it is now. */
export interface RehearsalState {
  readonly running: boolean;
  /** Process 1 of the rehearsal, as the machine sees it; absent when it does not run. */
  readonly initPid?: number;
  readonly hosts: readonly HostState[];
}

/** Looks at a rehearsal without changing or connecting to anything. */
export function describe(rehearsal: Rehearsal): RehearsalState {
  const record = livingRecord(rehearsal);
  const hosts = readSummary(rehearsal).map((host): HostState => {
    const up = record !== undefined && hostPid(rehearsal, host.name) !== undefined;
    return { ...host, up, answering: up && isAnswering(rehearsal, host.name, host.sshPorts) };
  });
  if (record === undefined) return { running: false, hosts };
  return { running: true, initPid: record.initPid, hosts };
}

interface HostSummary {
  readonly name: string;
  readonly address: string;
  readonly sshPorts: readonly number[];
}

function summaryOf(hosts: readonly HostSummary[]): HostSummary[] {
  return hosts.map(({ name, address, sshPorts }) => ({ name, address, sshPorts }));
}

function siteFile(rehearsal: Rehearsal): string {
  return join(rehearsal.folders.run, "hosts.json");
}

function readSummary(rehearsal: Rehearsal): HostSummary[] {
  try {
    return JSON.parse(readFileSync(siteFile(rehearsal), "utf8")) as HostSummary[];
  } catch {
    return [];
  }
}
