import { fragmentFolder } from "./keepalived-config";

/**
 * Shell functions of the scripts that make hosts share addresses.
 *
 * put FILE MODE TEXT: the text becomes the file, whole or not at all; false when it was the same already.
 * keep FILE SERVICE: of what was there before Sitewright, a copy, and whether the service ran; once.
 * undo SERVICE FILE: that copy again, and the service as it was.
 * remember, restore, forget FILE: the file as it was a moment ago, should the new one not do.
 * manage reload|status|stop|enable SERVICE: by systemd where it runs, otherwise by the host's `service` command. `reload` starts
 *   what does not run.
 */
export const hostFunctions = `PATH=\${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
umask 022
kept=/var/lib/sitewright/.host/before
fragments=${fragmentFolder}
keepalived_file=/etc/keepalived/keepalived.conf
haproxy_file=/etc/haproxy/haproxy.cfg
sysctl_file=/etc/sysctl.d/91-sitewright-edge.conf
changed=

say() { printf 'sitewright: %s\\n' "$1" >&2; }
fail() { say "$1"; exit 1; }

put() {
  mkdir -p "\${1%/*}" && printf '%s' "$3" >"$1.sitewright-part" && chmod "$2" "$1.sitewright-part" || {
    rm -f "$1.sitewright-part"
    fail "cannot write $1; is the disk full?"
  }
  if cmp -s "$1.sitewright-part" "$1"; then rm -f "$1.sitewright-part"; return 1; fi
  mv -f "$1.sitewright-part" "$1" || fail "cannot write $1"
}

keep() {
  [ ! -e "$kept/$2-state" ] || return 0
  mkdir -p "$kept" || fail "cannot make $kept"
  if [ -e "$1" ]; then cp -p "$1" "$kept/$2-file" || fail "cannot keep a copy of $1"; fi
  if manage status "$2"; then state=ran; else state=rested; fi
  printf '%s\\n' "$state" >"$kept/$2-state" || fail "cannot write below $kept"
}

undo() {
  if [ -e "$kept/$1-file" ]; then
    cp -p "$kept/$1-file" "$2" || fail "cannot put $2 back"
  else
    rm -f "$2"
  fi
  if [ "$(cat "$kept/$1-state" 2>/dev/null)" = ran ]; then manage reload "$1"; else manage stop "$1"; fi
  rm -f "$kept/$1-file" "$kept/$1-state"
}

remember() {
  rm -f "$1.sitewright-former"
  [ ! -e "$1" ] || cp -p "$1" "$1.sitewright-former" || fail "cannot copy $1; is the disk full?"
}
restore() { if [ -e "$1.sitewright-former" ]; then mv -f "$1.sitewright-former" "$1"; else rm -f "$1"; fi; }
forget() { rm -f "$1.sitewright-former"; }

manage() {
  if [ -d /run/systemd/system ]; then
    case $1 in
      reload) systemctl reload-or-restart "$2" </dev/null ;;
      status) systemctl is-active --quiet "$2" ;;
      stop) systemctl disable --quiet --now "$2" </dev/null ;;
      enable) systemctl is-enabled --quiet "$2" || systemctl enable --quiet "$2" </dev/null ;;
    esac
  elif command -v service >/dev/null 2>&1; then
    case $1 in
      reload) if manage status "$2"; then service "$2" reload; else service "$2" start; fi </dev/null >/dev/null ;;
      status) service "$2" status </dev/null >/dev/null 2>&1 ;;
      stop) service "$2" stop </dev/null >/dev/null ;;
      # Which services start with such a host is the host's own affair.
      enable) : ;;
    esac
  else
    fail "no service manager on this host: neither systemd runs nor is there a service command"
  fi
}

log_hint() {
  if [ -d /run/systemd/system ]; then printf 'journalctl -u %s' "$1"; else printf 'the logs of %s below /var/log' "$1"; fi
}
`;
