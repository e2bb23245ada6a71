import { RunError } from "../../site/run-error";
import { plannedHosts, type SimulatedSite } from "../simulated-site";
import { contains, freeAddress, hexAddress, parseAddress, parseSubnet } from "./addresses";

/** A bridge: the wire of one subnet, on which the operator's machine has an address too. */
export interface PlannedBridge {
  readonly link: string;
  readonly subnet: string;
  readonly prefix: number;
  /** The operator's address here; also the gateway that the hosts know. Never a host's. */
  readonly operatorAddress: string;
}

/** The wire of one host. */
export interface PlannedLink {
  readonly host: string;
  /** The bridge's end; the host's own end is called `eth0`. */
  readonly link: string;
  readonly bridge: string;
  readonly address: string;
  readonly prefix: number;
  readonly gateway: string;
}

/** The network of a simulated site. */
export interface NetworkPlan {
  readonly bridges: readonly PlannedBridge[];
  readonly links: readonly PlannedLink[];
  /** Extra addresses outside every subnet, and the bridge that carries them. */
  readonly strays: readonly { readonly address: string; readonly bridge: string }[];
  /** Addresses that the operator may reach; absent: every one. */
  readonly onlyReachable?: readonly string[];
}

/**
 * Lays out the network of a site whose problems were checked. Names of links come from addresses,
 * so a site that grows keeps the names it had.
 * @throws when a subnet has no address left for the operator.
 */
export function planNetwork(site: SimulatedSite): NetworkPlan {
  const hosts = plannedHosts(site);
  const used = new Set([
    ...hosts.map((host) => host.address),
    ...site.extraAddresses,
    ...site.names.map((entry) => entry.address),
  ]);
  const subnets = site.subnets.map((text) => {
    const subnet = parseSubnet(text);
    if (subnet === undefined) throw new Error(`${text} is not a subnet`);
    const operatorAddress = freeAddress(subnet, used);
    if (operatorAddress === undefined) {
      throw new RunError(`Subnet ${text} is full.`, {
        nextStep: "widen it: the operator's machine needs one address that no host has",
        exitCode: 3,
      });
    }
    const bridge: PlannedBridge = {
      link: `sw${subnet.first.toString(16).padStart(8, "0")}`,
      subnet: text,
      prefix: subnet.prefix,
      operatorAddress,
    };
    return { subnet, bridge };
  });
  const bridgeOf = (address: string): PlannedBridge | undefined => {
    const number = parseAddress(address) ?? -1;
    return subnets.find((entry) => contains(entry.subnet, number))?.bridge;
  };
  const links = hosts.map((host): PlannedLink => {
    const bridge = bridgeOf(host.address);
    if (bridge === undefined) throw new Error(`${host.address} of ${host.name} is in no subnet`);
    return {
      host: host.name,
      link: `h${hexAddress(host.address)}`,
      bridge: bridge.link,
      address: host.address,
      prefix: bridge.prefix,
      gateway: bridge.operatorAddress,
    };
  });
  const first = subnets[0]?.bridge.link;
  const strays = site.extraAddresses.flatMap((address) =>
    bridgeOf(address) === undefined && first !== undefined ? [{ address, bridge: first }] : [],
  );
  const bridges = subnets.map((entry) => entry.bridge);
  if (site.directAccess || site.bastion === undefined) return { bridges, links, strays };
  return { bridges, links, strays, onlyReachable: [site.bastion.address] };
}

/**
 * Shell lines that make the bridges, run in the rehearsal's network namespace. They may run again:
 * what is there already stays. Forwarding joins the subnets to each other; there is no link that
 * leads anywhere else.
 */
export function bridgeScript(plan: NetworkPlan): string {
  const lines = ["echo 1 > /proc/sys/net/ipv4/ip_forward"];
  for (const bridge of plan.bridges) {
    lines.push(
      `ip link show dev ${bridge.link} >/dev/null 2>&1 || ip link add ${bridge.link} type bridge`,
      `ip address replace ${bridge.operatorAddress}/${bridge.prefix} dev ${bridge.link}`,
      `ip link set ${bridge.link} up`,
    );
  }
  for (const stray of plan.strays) {
    lines.push(`ip route replace ${stray.address}/32 dev ${stray.bridge}`);
  }
  lines.push("while ip rule del pref 110 2>/dev/null; do :; done");
  lines.push("while ip rule del pref 120 2>/dev/null; do :; done");
  if (plan.onlyReachable !== undefined) {
    // `iif lo` means traffic that starts here, at the operator; what hosts send each other is not
    // touched.
    const subnets = [
      ...plan.bridges.map((bridge) => bridge.subnet),
      ...plan.strays.map((stray) => `${stray.address}/32`),
    ];
    const own = plan.bridges.map((bridge) => bridge.operatorAddress);
    for (const address of [...plan.onlyReachable, ...own]) {
      lines.push(`ip rule add iif lo to ${address}/32 lookup main pref 110`);
    }
    for (const subnet of subnets) lines.push(`ip rule add iif lo to ${subnet} prohibit pref 120`);
  }
  return `${lines.join("\n")}\n`;
}

/**
 * Input of `ip -batch` that plugs a host's namespace, kept open at `namespaceFile`, into its
 * bridge.
 */
export function plugBatch(link: PlannedLink, namespaceFile: string): string {
  return [
    `link add ${link.link} type veth peer name eth0 netns ${namespaceFile}`,
    `link set ${link.link} master ${link.bridge} up`,
    "",
  ].join("\n");
}

/** Input of `ip -batch`, run in the host's own namespace, that gives it its address and gateway. */
export function hostAddressBatch(link: PlannedLink): string {
  return [
    "link set lo up",
    // A host that is started again keeps its hardware address, or its neighbours would look for the
    // old one.
    `link set eth0 address 02:00:${hexAddress(link.address).match(/../g)?.join(":") ?? ""}`,
    `address add ${link.address}/${link.prefix} dev eth0`,
    "link set eth0 up",
    `route add default via ${link.gateway}`,
    "",
  ].join("\n");
}
