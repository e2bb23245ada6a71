import { addressProbe } from "../../site/platform/address-preflight";
import type { KeepalivedBlueprint } from "../../site/platform/edge-types";
import { shellWord } from "../support/shell-text";
import { hostFunctions } from "./address-shell";
import {
  checkProgram,
  checkPrograms,
  interfacePlaceholder,
  keepalivedFragment,
  keepalivedMain,
} from "./keepalived-config";

export interface AddressScriptArgs {
  readonly host: { readonly name: string; readonly address: string };
  readonly keepalived: KeepalivedBlueprint;
  /** haproxy.cfg; absent where only addresses are shared. */
  readonly haproxy?: string;
}

/**
 * A POSIX shell script that makes a host share addresses, and answer on them when it has a proxy. Run again it changes nothing.
 * Configurations are checked by the real programs before they replace what runs; when a program does not take one up, the
 * former one is put back and runs on. Before an address is shared for the first time it must be free.
 */
export function addressScript({ host, keepalived, haproxy = "" }: AddressScriptArgs): string {
  const { name, check, addresses } = keepalived;
  const programs = haproxy === "" ? "keepalived" : "haproxy keepalived";
  const questions = addresses.map(({ address, members }) => {
    const peers = members.filter((member) => member.host !== host.name);
    const probe = addressProbe(
      address,
      peers.map((peer) => peer.address),
    );
    return `  free ${address} ${shellWord(probe)}`;
  });
  return `#!/bin/sh
# Sitewright: addresses that hosts share. Safe to run again.
part=${shellWord(name)}
own=${shellWord(host.address)}
programs=${shellWord(programs)}
link=${shellWord(addresses[0]?.interface ?? "")}
monitor=${check.kind === "proxy" ? check.port : ""}
check_file=${checkPrograms[check.kind]}
check=${shellWord(checkProgram(check.kind))}
haproxy=${shellWord(haproxy)}
main=${shellWord(keepalivedMain(host.name))}
fragment=${shellWord(keepalivedFragment(keepalived, host.name))}
${hostFunctions}
questions() {
${questions.join("\n")}
}
${applying}
apply
`;
}

/** Takes away what {@link addressScript} added; a proxy or keepalived that ran before runs on as it did. */
export function addressRemovalScript(keepalived: KeepalivedBlueprint): string {
  return `#!/bin/sh
# Sitewright: takes shared addresses away from this host. Safe to run again.
part=${shellWord(keepalived.name)}
check_file=${checkPrograms[keepalived.check.kind]}
${hostFunctions}
${removing}
remove
`;
}

/**
 * free ADDRESS PROBE: ends the script when another machine answers on an address that this host does not share yet.
 * keepalived_candidate: the new fragment among the others, in a folder of its own, and a main file that includes that folder.
 * The check's program comes first of all: keepalived refuses a configuration that names a program which is not there.
 */
const applying = `find_link() {
  [ "$link" != '' ] || link=$(ip -o -4 address show to "$own" | awk 'NR == 1 {sub("@.*", "", $2); print $2}')
  [ "$link" != '' ] || fail "no network interface of this host has its address $own; next: name one in the site's interface"
  ip link show dev "$link" >/dev/null 2>&1 ||
    fail "this host has no network interface $link; next: correct the site's interface"
}

free() {
  ! grep -qsF " $1/32 " "$fragments/$part.conf" || return 0
  case $(ip -4 route get "$1" 2>/dev/null) in
    *' via '*) fail "$1 lies behind a router for this host, so $link cannot have it; next: choose an address of the network of $own" ;;
  esac
  found=$(sh -c "$2")
  [ "$found" = '' ] || fail "$1 is taken: $found answers on it; next: free it, or choose another address"
}

apply_haproxy() {
  put "$sysctl_file" 644 'net.ipv4.ip_nonlocal_bind = 1
'
  # The shared address must be bound before this host has it.
  sysctl -q -w net.ipv4.ip_nonlocal_bind=1 >/dev/null || fail 'this host does not let net.ipv4.ip_nonlocal_bind be set'
  if [ "$(getenforce 2>/dev/null)" = Enforcing ]; then
    setsebool -P haproxy_connect_any 1 || fail 'SELinux keeps haproxy from the NodePorts; next: setsebool -P haproxy_connect_any 1'
  fi
  candidate=$haproxy_file.sitewright-candidate
  put "$candidate" 644 "$haproxy"
  said=$(haproxy -c -f "$candidate" 2>&1 </dev/null) || {
    rm -f "$candidate"
    fail "haproxy refuses its configuration, the former one stays: $said"
  }
  rm -f "$candidate"
  keep "$haproxy_file" haproxy
  remember "$haproxy_file"
  if put "$haproxy_file" 644 "$haproxy"; then changed="$changed haproxy"; fi
  wanted=$(printf '%s' "$haproxy" | sed -n 's/.* content-type text\\/plain string //p')
  if [ "$(running_config)" != "$wanted" ]; then
    manage reload haproxy && wait_for_config "$wanted" || {
      restore "$haproxy_file"
      manage reload haproxy
      fail "haproxy did not take its configuration up, the former one is back; next: see what it says: $(log_hint haproxy)"
    }
  fi
  forget "$haproxy_file"
  manage enable haproxy
}

running_config() {
  bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "GET /alive HTTP/1.0\\r\\n\\r\\n" >&3 && timeout 2 cat <&3' bash "$monitor" 2>/dev/null | tail -n 1
}

wait_for_config() {
  for try in 1 2 3 4 5 6 7 8 9 10; do
    [ "$(running_config)" != "$1" ] || return 0
    sleep 0.5
  done
  return 1
}

apply_keepalived() {
  put "$check_file" 755 "$check"
  ! command -v restorecon >/dev/null || restorecon "$check_file"
  fragment="$(printf '%s' "$fragment" | sed "s/${interfacePlaceholder}/$link/g")
"
  trial=/etc/keepalived/sitewright-candidate
  rm -rf "$trial"
  mkdir -p "$trial" "$fragments" || fail "cannot make $trial"
  cp "$fragments"/*.conf "$trial/" 2>/dev/null
  printf '%s' "$fragment" >"$trial/$part.conf" && printf '%s' "$main" | sed "s#$fragments#$trial#" >"$trial/main" ||
    fail "cannot write below $trial; is the disk full?"
  said=$(keepalived -t -f "$trial/main" 2>&1 </dev/null) || {
    rm -rf "$trial"
    fail "keepalived refuses its configuration, the former one stays: $said"
  }
  rm -rf "$trial"
  keep "$keepalived_file" keepalived
  remember "$keepalived_file"
  remember "$fragments/$part.conf"
  # Stays when this is broken off, so that the next run takes up what stands in the files but does not run yet.
  pending=\${kept%/*}/$part-pending
  fresh=
  [ ! -e "$pending" ] || fresh=1
  : >"$pending" || fail "cannot write $pending; is the disk full?"
  if put "$keepalived_file" 644 "$main"; then fresh=1; fi
  if put "$fragments/$part.conf" 644 "$fragment"; then fresh=1; fi
  if [ "$fresh" != '' ] || ! manage status keepalived; then
    changed="$changed keepalived"
    manage reload keepalived && sleep 1 && manage status keepalived || {
      restore "$keepalived_file"
      restore "$fragments/$part.conf"
      manage reload keepalived
      fail "keepalived does not run with its configuration, the former one is back; next: see what it says: $(log_hint keepalived)"
    }
  fi
  forget "$keepalived_file"
  forget "$fragments/$part.conf"
  rm -f "$pending"
  manage enable keepalived
}

open_firewall() {
  command -v firewall-cmd >/dev/null && firewall-cmd --state >/dev/null 2>&1 || return 0
  firewall-cmd -q --add-rich-rule='rule protocol value="vrrp" accept' &&
    firewall-cmd -q --permanent --add-rich-rule='rule protocol value="vrrp" accept' ||
    say 'the firewall could not be told to let VRRP (protocol 112) in'
}

apply() {
  missing=
  for program in $programs bash ip; do
    command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
  done
  [ "$missing" = '' ] || fail "not installed on this host:$missing; next: install from the system's own packages or from the bundle's"
  find_link
  questions
  open_firewall
  if [ "$haproxy" != '' ]; then apply_haproxy; fi
  apply_keepalived
  printf '%s in place on %s;%s\\n' "$part" "$link" "\${changed:- nothing to change}"
}
`;

const removing = `remove() {
  rm -f "$fragments/$part.conf" "$check_file" "\${kept%/*}/$part-pending"
  rmdir "$fragments" 2>/dev/null
  if [ -d "$fragments" ]; then
    manage reload keepalived
  else
    undo keepalived "$keepalived_file"
  fi
  if [ "$part" = edge ]; then
    undo haproxy "$haproxy_file"
    rm -f "$sysctl_file"
  fi
  printf '%s removed\\n' "$part"
}
`;
