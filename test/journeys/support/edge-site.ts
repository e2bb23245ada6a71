import { addressRemovalScript, addressScript } from "../../../components/edge/address-script";
import { haproxyConfig } from "../../../components/edge/haproxy-config";
import { runInside } from "../../../rehearsal/keeper/enter";
import {
  nodePortAnswers,
  startNodePortsScript,
} from "../../../rehearsal/kubekey/cluster/node-ports";
import type { SimulatedSite } from "../../../rehearsal/simulated-site";
import type { EdgeBlueprint } from "../../../site/platform/edge-types";
import { ownEdge } from "../../support/edge-sites";
import { password, type Simulated } from "./simulated-sites";

export const sharedAddress = "192.0.2.40";
const size = { cpus: 4, memoryGiB: 8, diskGiB: 100 };

const hosts = [
  { name: "edge-1", address: "192.0.2.41" },
  { name: "edge-2", address: "192.0.2.42" },
  { name: "worker-1", address: "192.0.2.21" },
] as const;

/** Edge hosts, a worker, and a machine of the customer's that has nothing to do with the site. */
export function edgeSite(edge: EdgeBlueprint): SimulatedSite {
  const logins = [{ user: "root", password, authorizedKeys: [], sudo: "none" as const }];
  return {
    name: "journey-edge",
    subnets: ["192.0.2.0/24"],
    hosts: [...hosts, { name: "stranger", address: "192.0.2.99" }].map((host) => {
      const nodePorts = nodePortAnswers(edge, host.name);
      return { ...host, ...size, logins, ...(nodePorts && { nodePorts }) };
    }),
    directAccess: true,
    extraAddresses: [sharedAddress],
    names: [],
  };
}

/** Lets the NodePorts of all hosts answer, as they do once hosts are nodes. */
export async function startNodePorts(simulated: Simulated): Promise<void> {
  for (const { name } of hosts) await succeed(simulated, name, startNodePortsScript);
}

/** The script that a deployment sends to an edge host. */
export function edgeScript(edge: EdgeBlueprint, name: "edge-1" | "edge-2"): string {
  const host = hosts.find((one) => one.name === name) ?? hosts[0];
  const { keepalived, proxy } = ownEdge(edge);
  return addressScript({ host, keepalived, haproxy: haproxyConfig(edge, proxy, host.address) });
}

/** The script that a destroyed deployment sends to an edge host. */
export function edgeRemoval(edge: EdgeBlueprint): string {
  return addressRemovalScript(ownEdge(edge).keepalived);
}

/** Runs a script on a host and returns what it printed; fails with what it said when it fails. */
export async function succeed(simulated: Simulated, host: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await simulated.onHost(host, script);
  if (code !== 0) throw new Error(`${host}: exit code ${code}\n${stdout}${stderr}`);
  return stdout;
}

/** Hosts that have the address now. */
export async function holders(
  simulated: Simulated,
  names: readonly string[],
  address: string,
): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const { stdout } = await simulated
      .onHost(name, `ip -o -4 address show to ${address}`)
      .catch(() => ({ stdout: "" }));
    if (stdout.trim() !== "") found.push(name);
  }
  return found;
}

/** What a client in the site's network gets from a URL; undefined when nothing answers within a second. */
export async function get(simulated: Simulated, url: string): Promise<string | undefined> {
  const argv = ["curl", "-sk", "--noproxy", "*", "--max-time", "1", url];
  const { code, stdout } = await runInside(simulated.rehearsal, argv);
  return code === 0 ? stdout : undefined;
}

/**
 * Asks until the answer is as wanted.
 * @returns seconds since the call
 * @throws with the last answer after so many seconds
 */
export async function secondsUntil(
  simulated: Simulated,
  url: string,
  wanted: RegExp,
  mostSeconds: number,
): Promise<number> {
  const start = Date.now();
  for (;;) {
    const answer = await get(simulated, url);
    const seconds = (Date.now() - start) / 1000;
    if (answer !== undefined && wanted.test(answer)) return seconds;
    if (seconds > mostSeconds) throw new Error(`${url} says ${answer} after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
