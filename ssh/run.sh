#!/bin/sh
# Runs one long command on this host so that it outlives the connection that asked for it.
#
#   run.sh start  RUNS NAME KEY SECONDS CAP_BYTES COMMAND [ARGUMENT...]
#   run.sh follow RUNS NAME OFFSET     log from byte OFFSET on, until the run has ended
#   run.sh state  RUNS NAME            prints: none | running | ended STATUS | killed
#   run.sh running RUNS                name of the run that is going on, if any
#   run.sh seen   RUNS NAME            the outcome has been read; the next start begins afresh
#
# RUNS/NAME/ holds: key (what the run was asked to do), pid and child (process, start time, boot),
# log, rc (exit status, written last) and seen. Earlier runs stay as NAME.1 (newest) to NAME.5.
set -u
umask 077

# A process number alone may belong to somebody else by now: start time and boot make it unique.
stamp() {
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  set -- ${stat##*) }
  [ "$1" != Z ] || return 1
  shift 19
  echo "$1 $(cat /proc/sys/kernel/random/boot_id)"
}

alive() {
  [ -s "$1" ] || return 1
  read -r pid since <"$1"
  [ -n "$since" ] && [ "$(stamp "$pid")" = "$since" ]
}

state() {
  if [ -s "$1/rc" ]; then
    read -r status <"$1/rc"
    echo "ended $status"
  elif alive "$1/pid" || alive "$1/child"; then
    echo running
  elif [ -e "$1/key" ]; then
    echo killed
  else
    echo none
  fi
}

keep_earlier() {
  [ -e "$1" ] || return 0
  rm -rf "$1.5"
  for number in 4 3 2 1; do
    [ ! -e "$1.$number" ] || mv "$1.$number" "$1.$((number + 1))"
  done
  mv "$1" "$1.1"
}

# A shell says no more than "write error" when a disk is full: the space left is told too.
no_room() {
  [ "$(df -Pk "$1" | awk 'NR == 2 { print $4 }')" -ge 64 ] || echo "$1: No space left on device" >&2
  exit 1
}

start() {
  runs=$1 name=$2 key=$3 seconds=$4 cap=$5
  shift 5
  dir=$runs/$name
  mkdir -p "$runs" || exit 1
  # Two starts at once must not both find the place empty.
  exec 9>"$runs/.lock"
  if command -v flock >/dev/null 2>&1; then
    flock -w 60 9 || { echo "another start holds $runs/.lock" >&2; exit 1; }
  fi
  for other in "$runs"/*/; do
    other=${other%/}
    [ "$other" != "$dir" ] || continue
    case $(state "$other") in running) echo "busy ${other##*/}"; exit 0 ;; esac
  done
  was=$(state "$dir")
  same=no
  [ ! -e "$dir/key" ] || [ "$(cat "$dir/key")" != "$key" ] || same=yes
  case $was in
    running)
      if [ $same = yes ]; then echo following; else echo "busy $name"; fi
      exit 0
      ;;
    "ended 0")
      if [ $same = yes ] && [ ! -e "$dir/seen" ]; then echo "following"; exit 0; fi
      ;;
  esac
  keep_earlier "$dir"
  mkdir "$dir" && : >"$dir/log" && printf '%s\n' "$key" >"$dir/key" || no_room "$dir"
  setsid nohup /bin/sh "$0" supervise "$dir" "$seconds" "$cap" "$@" </dev/null >/dev/null 2>&1 9>&- &
  tries=0
  until [ -s "$dir/pid" ]; do
    tries=$((tries + 1))
    [ $tries -le 100 ] || { echo "its process did not come up within 10 s" >&2; exit 1; }
    sleep 0.1
  done
  if [ "$was" = none ]; then echo started; else echo "restarted $was"; fi
}

supervise() {
  dir=$1 seconds=$2 cap=$3
  shift 3
  # What is written later has its place on the disk before the command can fill it: a full disk must turn neither
  # an end into "killed" nor a run into one that nobody finds.
  printf '%-8s\n' '' >"$dir/rc.new" && printf '%-80s\n' '' >"$dir/child" || exit 1
  echo "$$ $(stamp $$)" >"$dir/pid.new" && mv "$dir/pid.new" "$dir/pid" || exit 1
  # The command's folder: a program that keeps files beside itself or in the current folder stays here.
  cd "$dir/../.." || exit 1
  "$@" </dev/null >>"$dir/log" 2>&1 &
  child=$!
  # Written over what is there, not cut and written anew.
  printf '%-80s\n' "$child $(stamp $child)" 1<>"$dir/child"
  (
    waited=0
    while sleep 2; do
      waited=$((waited + 2))
      size=$(wc -c <"$dir/log")
      if [ "$size" -gt "$cap" ]; then
        why="printed more than $cap bytes"
      elif [ "$waited" -gt "$seconds" ]; then
        why="took longer than $seconds seconds"
      else
        continue
      fi
      alive "$dir/child" || exit 0
      echo "sitewright: stopped: $why" >>"$dir/log"
      kill -TERM "$child"
      sleep 10
      alive "$dir/child" && kill -KILL "$child"
      exit 0
    done
  ) &
  watch=$!
  wait "$child"
  status=$?
  kill "$watch" 2>/dev/null
  printf '%-8s\n' "$status" 1<>"$dir/rc.new" && mv "$dir/rc.new" "$dir/rc"
}

follow() {
  dir=$1/$2 offset=$3 turn=0
  while :; do
    # Looked at before the log is read: what is written between the two is read next time. An end is one file and
    # seen at once; telling whether the run still lives takes several programs, so that is asked once a second.
    now=running
    if [ -s "$dir/rc" ] || [ $((turn % 5)) = 0 ]; then now=$(state "$dir"); fi
    turn=$((turn + 1))
    size=$(wc -c <"$dir/log") || exit 1
    if [ "$size" -gt "$offset" ]; then
      tail -c "+$((offset + 1))" "$dir/log" | head -c "$((size - offset))"
      offset=$size
    fi
    [ "$now" = running ] || exit 0
    sleep 0.2
  done
}

running() {
  for dir in "$1"/*/; do
    dir=${dir%/}
    case $(state "$dir") in running) echo "${dir##*/}" ;; esac
  done
}

command=$1
shift
case $command in
  start) start "$@" ;;
  supervise) supervise "$@" ;;
  follow) follow "$@" ;;
  state) state "$1/$2" ;;
  running) running "$1" ;;
  seen) : >"$1/$2/seen" ;;
  *) echo "run.sh: unknown command $command" >&2; exit 2 ;;
esac
