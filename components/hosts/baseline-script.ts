import type { BaselineBlueprint } from "../../site/blueprint-types";
import { shellWord } from "../support/shell-text";
import { siteMark } from "./preflight-script";

/** Open files a login may have: databases and proxies of a platform need far more than distributions give. */
const openFiles = 1048576;

/**
 * A POSIX shell script that brings a host to the site's baseline: hosts file, kernel settings, limits, time. Run again it
 * changes nothing. Of every file that was there before, a copy is kept once below /var/lib/sitewright/.host/before. What a host does
 * not allow (a kernel setting in a container, a service manager that is not there) is said on standard error and left.
 *
 * @param site noted on the host, so that it is not taken for a fresh one again
 * @param root folder that stands for `/`; only tests give one
 * @throws Error when a value holds a line break, which would become a line of its own in a host's file
 */
export function baselineScript(site: string, baseline: BaselineBlueprint, root = ""): string {
  const hosts = baseline.hostsEntries.map(({ address, names }) => [address, ...names].join(" "));
  const sysctl = Object.entries(baseline.sysctl)
    .map(([key, value]) => `${key} = ${value}`)
    .sort();
  const limits = ["*", "root"].flatMap((who) =>
    ["soft", "hard"].map((kind) => `${who} ${kind} nofile ${openFiles}`),
  );
  return `#!/bin/sh
# Sitewright: the baseline of a host. Safe to run again.
site=${lines([site])}
hosts=${lines(hosts)}
sysctl=${lines(sysctl)}
limits=${lines(limits)}
time_servers=${lines(baseline.ntpServers)}
timezone=${lines([baseline.timezone])}
${shared(root)}
${applying}
main
`;
}

/**
 * Takes away what {@link baselineScript} added and nothing else: its blocks, its files, its time zone. Kernel settings stay as
 * they are until the next start of the host: something else may have come to need them.
 */
export function baselineRemovalScript(root = ""): string {
  return `#!/bin/sh
# Sitewright: takes the baseline away again. Safe to run again.
${shared(root)}
${removing}
main
`;
}

function lines(texts: readonly string[]): string {
  for (const text of texts) {
    if (/[\n\r]/.test(text))
      throw new Error(`line break in a baseline value: ${JSON.stringify(text)}`);
  }
  return shellWord(texts.join("\n"));
}

/**
 * put FILE MODE: standard input becomes the file, whole or not at all; status 3 when it was the same already, 1 on failure.
 *   A file that is mounted by itself (containers do that with /etc/hosts) cannot be renamed over and is written in place.
 * block FILE TEXT: the file with the block replaced, or without it when the text is empty; status as of put.
 * note STATUS WORD: remembers a change; false when there was none; ends the script when it failed.
 */
function shared(root: string): string {
  return `root=${shellWord(root)}
PATH=\${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
umask 022
newline='
'
mark=$root${siteMark}
kept=$root/var/lib/sitewright/.host/before
sysctl_file=$root/etc/sysctl.d/90-sitewright.conf
limits_file=$root/etc/security/limits.d/90-sitewright.conf
timesyncd_file=$root/etc/systemd/timesyncd.conf.d/90-sitewright.conf
begins='# sitewright begins (kept by Sitewright; edits in here are lost)'
ends='# sitewright ends'
changed=

say() { printf 'sitewright: %s\\n' "$1" >&2; }
fail() { say "$1"; exit 1; }

note() {
  case $1 in
    0) changed="$changed $2" ;;
    3) return 1 ;;
    *) exit 1 ;;
  esac
}

keep() {
  [ -e "$1" ] || [ -h "$1" ] || return 0
  copy=$kept\${1#"$root"}
  [ ! -e "$copy" ] && [ ! -h "$copy" ] || return 0
  mkdir -p "\${copy%/*}" && cp -pP "$1" "$copy.part" && mv -f "$copy.part" "$copy" ||
    fail "cannot keep a copy of $1 below $kept; is the disk full?"
}

put() {
  file=$1
  [ ! -h "$file" ] || file=$(readlink -f "$file")
  part=$file.sitewright-part
  mkdir -p "\${file%/*}" || fail "cannot make \${file%/*}"
  if [ -e "$file" ]; then cp -p "$file" "$part"; else : >"$part" && chmod "$2" "$part"; fi &&
    cat >"$part" || { rm -f "$part"; fail "cannot write $file; is the disk full?"; }
  if [ -e "$file" ] && cmp -s "$part" "$file"; then rm -f "$part"; return 3; fi
  if ! mv -f "$part" "$file" 2>/dev/null; then
    cat "$part" >"$file" || fail "cannot write $file"
    rm -f "$part"
  fi
}

block() {
  if [ -e "$1" ]; then
    [ -r "$1" ] || fail "cannot read $1"
    [ "$(grep -c '^# sitewright begins' "$1")" = "$(grep -c "^$ends\\$" "$1")" ] ||
      fail "$1 has only one end of the Sitewright block; take the rest of the block out by hand and run again"
  fi
  {
    [ ! -e "$1" ] || sed "/^# sitewright begins/,/^$ends\\$/d" "$1"
    [ "$2" = '' ] || {
      [ ! -e "$1" ] || [ "$(tail -c 1 "$1")" = '' ] || echo
      printf '%s\\n%s\\n%s\\n' "$begins" "$2" "$ends"
    }
  } | put "$1" 644
}

restart() {
  if command -v systemctl >/dev/null && [ -d "$root/run/systemd/system" ]; then
    systemctl try-restart "$1" >/dev/null 2>&1 || say "$1 did not restart; look at: systemctl status $1"
  else
    say "no service manager runs here; $1 takes its new settings when it starts next"
  fi
}

restart_chrony() {
  if [ "$chrony" = "$root/etc/chrony.conf" ]; then restart chronyd; else restart chrony; fi
}

chrony_file() {
  for one in "$root/etc/chrony/chrony.conf" "$root/etc/chrony.conf"; do
    [ ! -f "$one" ] || { printf '%s' "$one"; return; }
  done
}
`;
}

const applying = `apply_sysctl() {
  refused=
  set -f
  IFS=$newline
  for line in $sysctl; do
    key=\${line%% = *}
    [ "$(sysctl -n "$key" 2>/dev/null)" = "\${line#* = }" ] ||
      sysctl -q -w "$key=\${line#* = }" >/dev/null 2>&1 || refused="$refused $key"
  done
  unset IFS
  set +f
  [ "$refused" = '' ] || say "this host does not let these be set, they are only in its file:$refused"
}

apply_time() {
  chrony=$(chrony_file)
  if [ "$time_servers" = '' ]; then
    :
  elif [ "$chrony" != '' ]; then
    keep "$chrony"
    block "$chrony" "$(printf '%s\\n' "$time_servers" | sed 's/.*/server & iburst/')"
    if note $? chrony; then restart_chrony; fi
  elif [ -f "$root/etc/systemd/timesyncd.conf" ] || [ -f "$root/lib/systemd/systemd-timesyncd" ]; then
    servers=$(printf '%s' "$time_servers" | tr '\\n' ' ')
    printf '[Time]\\nNTP=%s\\n' "$servers" | put "$timesyncd_file" 644
    if note $? timesyncd; then restart systemd-timesyncd; fi
  else
    say 'neither chrony nor systemd-timesyncd is here: nothing keeps the clock of this host in step'
  fi
}

apply_timezone() {
  zone=/usr/share/zoneinfo/$timezone
  [ "$timezone" != '' ] && [ "$(readlink "$root/etc/localtime")" != "$zone" ] || return 0
  if [ ! -e "$root$zone" ]; then say "no time zone $timezone on this host; its own stays"; return; fi
  keep "$root/etc/localtime"
  printf '%s\\n' "$zone" >"$kept/timezone-set" && ln -sfn "$zone" "$root/etc/localtime" ||
    fail "cannot set the time zone"
  changed="$changed timezone"
}

main() {
  mkdir -p "$kept" || fail "cannot make $kept"
  printf '%s\\n' "$site" | put "$mark" 644
  note $? mark
  keep "$root/etc/hosts"
  block "$root/etc/hosts" "$hosts"
  note $? hosts
  printf '%s\\n' "$sysctl" | put "$sysctl_file" 644
  note $? sysctl
  apply_sysctl
  printf '%s\\n' "$limits" | put "$limits_file" 644
  note $? limits
  apply_time
  apply_timezone
  printf 'baseline in place;%s\\n' "\${changed:- nothing to change}"
}
`;

const removing = `main() {
  [ ! -e "$root/etc/hosts" ] || { block "$root/etc/hosts" ''; note $? hosts; }
  chrony=$(chrony_file)
  if [ "$chrony" != '' ]; then
    block "$chrony" ''
    if note $? chrony; then restart_chrony; fi
  fi
  for file in "$sysctl_file" "$limits_file" "$timesyncd_file"; do
    [ -e "$file" ] || continue
    rm -f "$file" || fail "cannot remove $file"
    changed="$changed \${file#"$root"/etc/}"
  done
  localtime=$root/etc/localtime
  if [ -f "$kept/timezone-set" ] && [ "$(readlink "$localtime")" = "$(cat "$kept/timezone-set")" ]; then
    rm -f "$localtime"
    [ ! -h "$kept/etc/localtime" ] && [ ! -e "$kept/etc/localtime" ] ||
      cp -pP "$kept/etc/localtime" "$localtime" || fail "cannot put $localtime back"
    changed="$changed timezone"
  fi
  rm -rf "\${mark%/*}"
  rmdir "$root/var/lib/sitewright" 2>/dev/null
  printf 'baseline removed;%s\\n' "\${changed:- nothing was left of it}"
}
`;
