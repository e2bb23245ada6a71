import type { PreflightCheck } from "../blueprint-types";
import type { KeepalivedBlueprint } from "./edge-types";

/**
 * A line of POSIX shell that prints who else answers on a shared address: a hardware address, `this host`, or nothing. A member
 * that has the address by right is told by its own hardware address. Packets to a port that nobody uses make the kernel ask
 * the network for the hardware addresses; tools that only ask are not on every host.
 */
export function addressProbe(address: string, peers: readonly string[]): string {
  const all = [address, ...peers].join(" ");
  const ask = `for t in 1 2; do for a in ${all}; do printf . > /dev/udp/$a/9; done; sleep 1; done`;
  const compare = [
    '{ for (i = 2; i < NF; i++) if ($i == "lladdr") m[$1] = $(i + 1) }',
    `END { n = split("${peers.join(" ")}", p, " "); o = m["${address}"];`,
    'for (i = 1; i <= n; i++) if (m[p[i]] == o) o = ""; print o }',
  ].join(" ");
  return [
    `if ip -o -4 address show to ${address} | grep -q .; then echo this host; else`,
    `ip -4 neigh flush to ${address} 2>/dev/null;`,
    `bash -c '${ask}' 2>/dev/null;`,
    `ip -4 neigh show | awk '${compare}'; fi`,
  ].join(" ");
}

/** Looks that a host with shared addresses gets before anything is changed on it. */
export function addressPreflight(
  keepalived: KeepalivedBlueprint | undefined,
  host: string,
): readonly PreflightCheck[] {
  if (!keepalived?.addresses.some(({ members }) => members.some((one) => one.host === host)))
    return [];
  const programs =
    keepalived.check.kind === "proxy" ? "bash haproxy keepalived" : "bash keepalived";
  const empty = { severity: "blocking", comparison: "empty", needed: "", unit: "" } as const;
  return [
    {
      ...empty,
      id: `${keepalived.name}-programs`,
      title: `the programs that share addresses are there: ${programs.replaceAll(" ", ", ")}`,
      probe: `o=; for t in ${programs}; do command -v "$t" >/dev/null 2>&1 || o="$o\${o:+,}$t"; done; echo "$o"`,
      remedy: "install what is listed from the system's own packages or from the bundle's",
    },
    ...keepalived.addresses.map(({ name, address, members }) => ({
      ...empty,
      id: `${name}-address`,
      title: `nobody else answers on the shared address ${address}`,
      freshHostOnly: true,
      probe: addressProbe(
        address,
        members.filter((member) => member.host !== host).map((member) => member.address),
      ),
      remedy: "find the machine with that hardware address and free it, or choose another address",
    })),
  ];
}
