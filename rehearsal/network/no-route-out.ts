import { RunError } from "../../site/run-error";
import type { Rehearsal } from "../folders";
import { runInside } from "../keeper/enter";
import { requireRecord } from "../keeper/record";

/**
 * What `ip -json -details link`, `ip -json address` and `ip -json route show table all` say; the
 * parts we read.
 */
export interface SeenNetwork {
  readonly links: readonly {
    readonly ifname: string;
    readonly operstate?: string;
    readonly flags?: readonly string[];
    readonly master?: string;
    readonly linkinfo?: { readonly info_kind?: string };
  }[];
  readonly addresses: readonly {
    readonly ifname: string;
    readonly addr_info?: readonly { readonly local?: string; readonly scope?: string }[];
  }[];
  readonly routes: readonly {
    readonly dst?: string;
    readonly dev?: string;
    readonly gateway?: string;
    readonly type?: string;
    readonly nexthops?: readonly unknown[];
  }[];
}

const bridgeName = /^sw[0-9a-f]{8}$/;
const hostLinkName = /^h[0-9a-f]{8}$/;

/**
 * Ways by which a packet could leave this network, one sentence each; empty when there is none.
 * Only the loopback, our bridges and the hosts' wires on them may be up; no route may name a
 * gateway or a default.
 */
export function waysOut(seen: SeenNetwork): string[] {
  const found: string[] = [];
  const bridges = new Set<string>();
  for (const link of seen.links) {
    const kind = link.linkinfo?.info_kind;
    const up = link.flags?.includes("UP") ?? true;
    if (link.ifname === "lo") continue;
    if (bridgeName.test(link.ifname) && kind === "bridge") bridges.add(link.ifname);
    else if (hostLinkName.test(link.ifname) && kind === "veth") {
      // A run that was killed may leave a wire that was never plugged in; while down it carries
      // nothing.
      if (up && (link.master === undefined || !bridgeName.test(link.master))) {
        found.push(`wire ${link.ifname} is plugged into no bridge of the rehearsal`);
      }
    } else if (up) {
      // The kernel puts sleeping tunnel devices into every new namespace; they carry nothing while
      // down.
      found.push(`link ${link.ifname} is up and not the rehearsal's`);
    }
  }
  for (const entry of seen.addresses) {
    const known = entry.ifname === "lo" || bridges.has(entry.ifname);
    const global = (entry.addr_info ?? []).filter((info) => info.scope !== "link");
    if (!known && global.length > 0) {
      found.push(`link ${entry.ifname} has the address ${global[0]?.local ?? "?"}`);
    }
  }
  for (const route of seen.routes) {
    if (route.type === "prohibit" || route.type === "unreachable" || route.type === "blackhole")
      continue;
    const target = route.dst ?? "?";
    if (target === "default") found.push(`there is a default route through ${route.dev ?? "?"}`);
    else if (route.gateway !== undefined || route.nexthops !== undefined) {
      found.push(`the route to ${target} has a gateway`);
    } else if (
      route.dev !== undefined &&
      route.dev !== "lo" &&
      !bridges.has(route.dev) &&
      !hostLinkName.test(route.dev)
    ) {
      found.push(`the route to ${target} leaves through ${route.dev}`);
    }
  }
  return found;
}

/**
 * Looks at the rehearsal's network as it is now and proves that nothing leads out of it.
 * @throws naming every way out, or saying that the network is not the rehearsal's own.
 */
export async function proveNoRouteOut(rehearsal: Rehearsal): Promise<void> {
  const record = requireRecord(rehearsal);
  const command = [
    "ip -json -details link",
    "echo",
    "ip -json address",
    "echo",
    "ip -json -4 route show table all",
    "echo",
    "ip -json -6 route show table all",
    "echo",
    "stat -L -c %i /proc/self/ns/net",
  ].join("\n");
  const result = await runInside(rehearsal, ["bash", "-euc", command]);
  if (result.code !== 0) {
    throw new Error(`The rehearsal's network could not be read: ${result.stderr.trim()}`);
  }
  const parts = result.stdout.split("\n").map((line) => line.trim());
  const documents = parts.filter((line) => line.startsWith("["));
  const found = waysOut(readSeen(documents));
  const namespace = parts.findLast((line) => /^\d+$/.test(line));
  if (namespace !== record.networkNamespace) {
    found.push("the commands did not run in the rehearsal's own network namespace");
  }
  if (record.networkNamespace === record.machineNetworkNamespace) {
    found.push("the rehearsal shares this machine's network namespace");
  }
  if (found.length > 0) {
    throw new RunError(
      `Nothing is sent into the rehearsal of ${rehearsal.site}, for it is open: ${found.join("; ")}.`,
      { nextStep: `start it anew: ./sitewright rehearse ${rehearsal.site} --fresh` },
    );
  }
}

function readSeen(documents: readonly string[]): SeenNetwork {
  const [links, addresses, routes, routes6] = documents.map(
    (text): unknown => JSON.parse(text) as unknown,
  );
  if (!Array.isArray(links) || !Array.isArray(addresses) || !Array.isArray(routes)) {
    throw new Error("ip did not answer with JSON; iproute2 4.14 or later is needed.");
  }
  return { links, addresses, routes: [...routes, ...(Array.isArray(routes6) ? routes6 : [])] };
}
