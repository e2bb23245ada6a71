import type { KeepalivedBlueprint, VirtualAddress } from "../../site/platform/edge-types";

/** Folder of the fragments that the main file includes, one for each thing that keeps addresses on a host. */
export const fragmentFolder = "/etc/keepalived/sitewright.d";

/** Stands in a fragment for the interface that has the host's own address; filled in on the host. */
export const interfacePlaceholder = "@interface@";

/**
 * Programs that keepalived asks whether this host may have an address, by what they look at. SELinux lets keepalived start
 * programs of this folder only.
 */
export const checkPrograms: Readonly<Record<KeepalivedBlueprint["check"]["kind"], string>> = {
  proxy: "/usr/libexec/keepalived/sitewright-proxy-check",
  "api-server": "/usr/libexec/keepalived/sitewright-api-check",
};

/** Pause before an address returns home, so that a host which restarts again and again does not pull it back and forth. */
const homeDelaySeconds = 30;

/** More than any difference between members: whose check fails is behind all whose check passes. */
const failedCheckWeight = -150;

/**
 * keepalived's main file, the same whatever addresses the host may have: what differs stands in fragments, since a host can be
 * edge host and control plane at once and each part comes and goes by itself.
 *
 * @param host router id, which names the sender in logs and mails
 * @param fragments folder that is included; the script that checks a candidate gives another
 */
export function keepalivedMain(host: string, fragments = fragmentFolder): string {
  return `# Kept by Sitewright: changes made here are lost.
global_defs {
  router_id ${host}
  # Checks run as root, so keepalived must refuse programs that others could change.
  enable_script_security
  script_user root
  # An interface may come up later than keepalived does.
  dynamic_interfaces
  # Neighbours that missed who has the address now are told again.
  vrrp_garp_master_delay 1
  vrrp_garp_master_refresh 60
}
include ${fragments}/*.conf
`;
}

/**
 * The fragment of one host. Every member starts as BACKUP and learns from the others who has the address, by unicast: many
 * networks drop VRRP's multicast, and none of the customer's other VRRP groups can be met by accident.
 */
export function keepalivedFragment(keepalived: KeepalivedBlueprint, host: string): string {
  const { name, addresses, check } = keepalived;
  const weighed = addresses.some(({ moves }) => moves === "healthiest");
  return [
    `# Kept by Sitewright: changes made here are lost.`,
    `vrrp_script ${name} {`,
    `  script "${checkPrograms[check.kind]} ${check.port}"`,
    "  interval 1",
    "  timeout 2",
    // A reload may keep a proxy from answering for a moment; that is no reason to move.
    "  fall 3",
    "  rise 2",
    // Without a weight a failed check takes the address away even when nobody else can have it.
    ...(weighed ? [`  weight ${failedCheckWeight}`] : []),
    "}",
    ...addresses.flatMap((address) => instance(address, name, host)),
    "",
  ].join("\n");
}

function instance(shared: VirtualAddress, check: string, host: string): readonly string[] {
  const own = shared.members.find((member) => member.host === host);
  if (own === undefined) throw new Error(`${host} is no member of ${shared.name}`);
  const peers = shared.members.filter((member) => member !== own);
  const link = shared.interface ?? interfacePlaceholder;
  return [
    `vrrp_instance ${shared.name} {`,
    "  state BACKUP",
    ...moving(shared.moves),
    `  interface ${link}`,
    `  virtual_router_id ${shared.routerId}`,
    `  priority ${own.priority}`,
    "  advert_int 1",
    `  unicast_src_ip ${own.address}`,
    ...(peers.length > 0
      ? ["  unicast_peer {", ...peers.map(({ address }) => `    ${address}`), "  }"]
      : []),
    "  virtual_ipaddress {",
    `    ${shared.address}/32 dev ${link}`,
    "  }",
    "  track_script {",
    `    ${check}`,
    "  }",
    "}",
  ];
}

/** keepalived's words for who may take an address from whom. */
function moving(moves: VirtualAddress["moves"]): readonly string[] {
  switch (moves) {
    case "stay":
      return ["  nopreempt"];
    case "home":
      return [`  preempt_delay ${homeDelaySeconds}`];
    // nopreempt would make a host keep the address although its check fails: it ignores whose priority is higher.
    case "healthiest":
      return [];
  }
}

/** A check program: exit code 0 when this host may have the address. Only bash and, for TLS, curl are taken for granted. */
export function checkProgram(kind: KeepalivedBlueprint["check"]["kind"]): string {
  return kind === "proxy" ? proxyCheck : apiServerCheck;
}

const proxyCheck = `#!/bin/bash
# Kept by Sitewright: asks the proxy of this host, on port $1, whether it works.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET /alive HTTP/1.0\\r\\n\\r\\n' >&3
IFS= read -r -t 2 answer <&3
case $answer in 'HTTP/1.'?' 200'*) exit 0 ;; esac
exit 1
`;

/** A refusal is an answer too: some sites forbid questions without a certificate. */
const apiServerCheck = `#!/bin/bash
# Kept by Sitewright: asks the API server of this host, on port $1, whether it works.
if ! command -v curl >/dev/null; then
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  exit
fi
case $(curl -sk --noproxy '*' --max-time 2 -o /dev/null -w '%{http_code}' "https://127.0.0.1:$1/livez") in
  200 | 401 | 403) exit 0 ;;
esac
exit 1
`;
