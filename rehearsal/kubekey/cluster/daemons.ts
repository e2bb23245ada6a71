import { servicesFolder } from "../../hosts/services";
import { quoted } from "../engine/shell-text";

/**
 * Shell functions that start, stop and look for a program that outlives the SSH session: `daemon NAME COMMAND …`,
 * `stop NAME`, `running NAME`. Pid files stand under /run/sitewright, logs under /var/log/kubernetes. What was
 * started is noted where the host's init looks for it, as a systemd unit would be, and starts with the host again.
 */
export const daemonFunctions = `run=/run/sitewright logs=/var/log/kubernetes services=${servicesFolder}
running() {
  [ -s "$run/$1.pid" ] && grep -qsz . "/proc/$(cat "$run/$1.pid")/cmdline" &&
    [ "$(cat "$run/$1.start" 2>/dev/null)" = "$(cut -d' ' -f22 "/proc/$(cat "$run/$1.pid")/stat" 2>/dev/null)" ]
}
daemon() {
  name=$1
  shift
  mkdir -p "$run" "$logs" "$services"
  # The host's init may start the same service at this moment.
  (
    flock 9
    ! running "$name" || exit 0
    (
      umask 077
      { export -p
        declare -p run logs services
        declare -f running daemon
        printf '%q ' daemon "$name" "$@"
      } > "$services/.$name"
      mv "$services/.$name" "$services/$name"
    )
    nohup setsid "$@" >> "$logs/$name.log" 2>&1 < /dev/null 9>&- &
    pid=$!
    # Until it leads a session of its own, the end of this one would take it along.
    for _ in $(seq 200); do
      [ -e "/proc/$pid/stat" ] && [ "$(cut -d' ' -f6 "/proc/$pid/stat" 2>/dev/null)" != "$pid" ] || break
      sleep 0.02
    done
    cut -d' ' -f22 "/proc/$pid/stat" > "$run/$name.start"
    echo "$pid" > "$run/$name.pid"
  ) 9> "$run/$name.lock"
}
stop() {
  rm -f "$services/$1"
  if running "$1"; then
    pid=$(cat "$run/$1.pid")
    kill "$pid"
    for _ in $(seq 100); do running "$1" || break; sleep 0.1; done
    ! running "$1" || kill -9 "$pid"
  fi
  rm -f "$run/$1.pid" "$run/$1.start"
}
`;

/** A shell line that starts a program with these arguments unless it runs. */
export function daemonLine(name: string, command: readonly string[]): string {
  return `daemon ${name} ${command.map(quoted).join(" ")}`;
}
