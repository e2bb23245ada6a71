import { servicesFolder } from "./services";

/**
 * Stands for a service manager on a simulated host, where no systemd runs, for the services that the site's own hosts bring:
 * `service NAME start|reload|restart|stop|status`. The programs, their files and the signals are those of Debian's units; unlike
 * systemd it does not start again what dies. What was started starts with the host again.
 */
export const serviceCommand = `#!/bin/bash
# This host is simulated: no systemd runs here. Real programs, by the command lines of Debian's units.
name=$1 action=$2
run=/run/simulated-host
pidfile=$run/$name.pid
unit=${servicesFolder}/service-$name
case $name in
  haproxy)
    file=/etc/haproxy/haproxy.cfg signal=USR2
    command=(/usr/sbin/haproxy -W -db -f "$file")
    check=(/usr/sbin/haproxy -c -q -f "$file")
    ;;
  keepalived)
    file=/etc/keepalived/keepalived.conf signal=HUP
    command=(/usr/sbin/keepalived --dont-fork --log-console)
    check=(true)
    ;;
  *) echo "service: no service $name on this simulated host" >&2; exit 4 ;;
esac
started() { cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null; }
running() {
  [ -s "$pidfile" ] && read -r pid start <"$pidfile" && [ "$start" = "$(started "$pid")" ] &&
    ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null
}
start() {
  if running; then return; fi
  if [ ! -s "$file" ]; then echo "$name: no $file" >&2; return 1; fi
  mkdir -p "$run" /run/haproxy "\${unit%/*}"
  nohup setsid "\${command[@]}" >>"/var/log/$name.log" 2>&1 </dev/null 9>&- &
  echo "$! $(started $!)" >"$pidfile"
  echo "exec /usr/local/sbin/service $name start" >"$unit"
  # Until it leads a session of its own, the end of this one would take it along.
  for _ in {1..200}; do
    [ "$(cut -d' ' -f6 "/proc/$!/stat" 2>/dev/null || echo $!)" != $! ] || break
    sleep 0.02
  done
  sleep 0.3
  if running; then return; fi
  tail -n 3 "/var/log/$name.log" >&2
  return 1
}
stop() {
  rm -f "$unit"
  if ! running; then return; fi
  kill "$pid"
  for _ in {1..100}; do running || return 0; sleep 0.1; done
  kill -KILL "$pid"
}
mkdir -p "$run"
exec 9>"$run/$name.lock"
flock 9
case $action in
  start) start ;;
  stop) stop ;;
  restart) stop; start ;;
  reload) running && "\${check[@]}" && kill -$signal "$pid" ;;
  status) running || exit 3 ;;
  *) echo "usage: service NAME start|reload|restart|stop|status" >&2; exit 2 ;;
esac
`;
