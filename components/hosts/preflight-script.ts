import type { PreflightCheck } from "../../site/blueprint-types";
import { shellWord } from "../support/shell-text";

/** How long one probe may take on a host that has `timeout`, in seconds: a little more than a probe may allow itself. */
export const probeTimeoutSeconds = 25;

/** How much of a probe's answer is kept, in bytes. */
export const valueLimitBytes = 2000;

export interface PreflightScriptArgs {
  readonly site: string;
  readonly host: string;
  readonly checks: readonly PreflightCheck[];
  /**
   * The operator's clock in seconds since 1970, which some probes compare the host's with. Without it those are left out: the
   * script of a deployment has to be the same text in every preview.
   */
  readonly nowSeconds?: number;
}

/** File in which the baseline notes the site that a host belongs to; beside it are folders named after sites. */
export const siteMark = "/var/lib/sitewright/.host/site";

/**
 * One POSIX shell script that looks at a host and changes nothing, not even a temporary file: it has to work on a full disk.
 *
 * Called with the word `report` it prints a JSON line for each check (see findings.ts). Called with `gate` it prints them only
 * when nothing blocking was found, so that a failed deployment shows what is wrong and not everything that was asked. Either
 * way it ends with 1 and a plain list on standard error when a blocking check is unmet; warnings never fail.
 *
 * @throws Error when a check's `needed` does not fit its comparison; that is a fault of the catalogue, not of a site.
 */
export function preflightScript(args: PreflightScriptArgs): string {
  const { site, host, nowSeconds } = args;
  return `#!/bin/sh
# Sitewright: looks at ${oneLine(host)} before a delivery and changes nothing.
${library}
main() {
${askedChecks(args).map(checkCall).join("\n")}
  [ "$unmet" = 0 ] || {
    printf '%s: %s in the way of a delivery\\n%s' ${shellWord(host)} "$unmet" "$list" >&2
    exit 1
  }
  [ "$mode" = report ] || printf '%s' "$lines"
}
mode=\${1:-report}
site=${shellWord(site)}
${nowSeconds === undefined ? "" : `ahead=$(($(date +%s) - ${Math.round(nowSeconds)}))\n`}main
`;
}

/** The checks that the script makes: those that need the operator's clock only when there is one. */
export function askedChecks(args: PreflightScriptArgs): readonly PreflightCheck[] {
  if (args.nowSeconds !== undefined) return args.checks;
  return args.checks.filter((check) => !check.probe.includes("SITEWRIGHT_NOW"));
}

function checkCall(check: PreflightCheck): string {
  const { id, severity, title, unit, remedy } = check;
  const needed = `${neededText(check)}${unit === "" ? "" : ` ${unit}`}`;
  return [
    check.freshHostOnly === true ? "  ours || {" : "  {",
    `    ask ${shellWord(check.probe)}`,
    `    if [ "$fault" = '' ] && ${comparison(check)}; then met=true; else met=false; fi`,
    "  }",
    `  tell ${shellWord(JSON.stringify(id))} ${severity} ${shellWord(`${title} (${id})`)} ${shellWord(needed)} ${shellWord(remedy)}`,
  ].join("\n");
}

/** What a check needs, in words: the report and the script's own list say the same. */
export function neededText(check: PreflightCheck): string {
  switch (check.comparison) {
    case "at-least":
      return `at least ${check.needed}`;
    case "at-most":
      return `at most ${check.needed}`;
    case "equals":
      return check.needed;
    case "one-of":
      return `one of ${options(check).join(", ")}`;
    case "empty":
      return "nothing";
  }
}

function comparison(check: PreflightCheck): string {
  switch (check.comparison) {
    case "at-least":
      return `number "$value" && [ "$milli" -ge ${thousandths(check)} ]`;
    case "at-most":
      return `number "$value" && [ "$milli" -le ${thousandths(check)} ]`;
    case "equals":
      return `[ "$value" = ${shellWord(check.needed)} ]`;
    case "one-of":
      return `case $value in ${options(check).map(shellWord).join("|")}) true ;; *) false ;; esac`;
    case "empty":
      return '[ "$value" = "" ]';
  }
}

/** The choices of a `one-of` check, which `needed` lists with commas, bars or blanks between them. */
function options(check: PreflightCheck): readonly string[] {
  const found = check.needed.split(/[\s,|]+/).filter((option) => option !== "");
  if (found.length === 0) throw new Error(`preflight check ${check.id}: one-of needs choices`);
  return found;
}

/** Shell arithmetic knows whole numbers only, so both sides are compared in thousandths. */
function thousandths(check: PreflightCheck): number {
  const value = Math.round(Number(check.needed) * 1000);
  if (check.needed.trim() === "" || !Number.isSafeInteger(value)) {
    throw new Error(
      `preflight check ${check.id}: ${check.comparison} needs a number, given "${check.needed}"`,
    );
  }
  return value;
}

function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

/**
 * ask PROBE: value, and fault when the probe could not run. Standard output, standard error and the exit code come back
 *   through one pipe, told apart by a letter, because a here-document or a temporary file needs room on a disk.
 *   Exit code 127 counts as a fault only with a message: \`command -v\` says nothing and ends with 127 in some shells.
 *   The operator's clock, known when the script began, goes on with the host's while probes take their time.
 * ours: whether the host belongs to this site already. What a fresh host must not have is there by right then, and a run that
 *   was killed after the first change has to be able to start again.
 * number TEXT: milli, TEXT in thousandths; false when TEXT is no number that shells can hold.
 * tell ID SEVERITY TITLE NEEDED REMEDY: the JSON line, and a line of the list when blocking and unmet.
 */
const library = `LC_ALL=C
PATH=\${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin
export LC_ALL PATH
newline='
'
lines= list= ahead= unmet=0
if timeout 1 true 2>/dev/null; then bound='timeout ${probeTimeoutSeconds}'; else bound=; fi

clean() { head -c "$1" | tr '\\011\\015' '  ' | tr -d '\\000' | tr -c '\\012\\040-\\176' '?'; }

ask() {
  [ "$ahead" = '' ] || export SITEWRIGHT_NOW=$(($(date +%s) - ahead))
  answer=$({
    {
      { $bound sh -c "$1" </dev/null 3>&- 4>&-; echo "s$?" >&3; } 2>&4 | clean ${valueLimitBytes} | sed 's/^/v/' >&3
    } 4>&1 | clean 200 | sed 's/^/e/' >&3
  } 3>&1)
  value= fault= status=
  set -f
  ifs=$IFS
  IFS=$newline
  for line in $answer; do
    case $line in
      v*) value=$value$newline\${line#v} ;;
      e*) fault="$fault \${line#e}" ;;
      s*) status=\${line#s} ;;
    esac
  done
  IFS=$ifs
  set +f
  value=\${value#"$newline"}
  while :; do
    case $value in
      *[[:space:]]) value=\${value%?} ;;
      [[:space:]]*) value=\${value#?} ;;
      *) break ;;
    esac
  done
  case $status in
    124 | 137) fault='no answer within ${probeTimeoutSeconds} seconds' ;;
    126 | 127) [ "$value" = '' ] || fault= ;;
    *) fault= ;;
  esac
  fault=\${fault# }
}

ours() {
  [ "$(cat ${siteMark} 2>/dev/null)" = "$site" ] || return 1
  met=true fault= value="not asked: this host already belongs to $site"
}

number() {
  whole=\${1#-} part=000
  case $whole in *.*) part=\${whole#*.}000 whole=\${whole%%.*} ;; esac
  case $whole$part in '' | *[!0-9]*) return 1 ;; esac
  [ "$whole" != '' ] && [ "\${#whole}" -le 15 ] || return 1
  while [ "\${#part}" -gt 3 ]; do part=\${part%?}; done
  milli=$whole$part
  while [ "\${#milli}" -gt 1 ] && [ "\${milli#0}" != "$milli" ]; do milli=\${milli#0}; done
  case $1 in -*) milli=-$milli ;; esac
}

json() {
  printf '%s\\n' "$1" | sed -e 's/[\\\\"]/\\\\&/g' -e '$!s/$/\\\\n/' | tr -d '\\012'
}

tell() {
  line="{\\"id\\":$1,\\"severity\\":\\"$2\\",\\"value\\":\\"$(json "$value")\\",\\"ok\\":$met"
  [ "$fault" = '' ] || line="$line,\\"fault\\":\\"$(json "$fault")\\""
  if [ "$mode" = report ]; then printf '%s}\\n' "$line"; else lines=$lines$line}$newline; fi
  [ "$met$2" = falseblocking ] || return 0
  unmet=$((unmet + 1))
  given=\${value:-\${fault:-nothing}}
  list="$list  $3: needed $4, given $given$newline    next: $5$newline"
}
`;
