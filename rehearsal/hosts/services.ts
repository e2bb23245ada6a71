/**
 * Folder of a simulated host with one script for each service that is to run after a start: it starts the service
 * unless it runs.
 */
export const servicesFolder = "/etc/simulated-host/services";

/** Stands for init: starts services, keeps sshd running, reaps what dies, and ends on SIGTERM, which ends the host. */
export const initScript = `#!/bin/bash
trap 'exit 0' TERM
# Kernel settings that were left in files, as systemd-sysctl sets them at every start.
for file in /etc/sysctl.d/*.conf; do sysctl -q -p "$file"; done 2>/dev/null
(
  # Only what was there at the start: what is set up later is started by whoever sets it up.
  services=$(ls ${servicesFolder} 2>/dev/null)
  # A service may give up while another one, perhaps another host's, is not there yet.
  [ -z "$services" ] || for try in $(seq 100); do
    for service in $services; do
      [ ! -f "${servicesFolder}/$service" ] || bash "${servicesFolder}/$service"
    done
    sleep 3
  done
) &
while :; do
  /usr/sbin/sshd -D -e &
  wait $!
  sleep 1
done
`;
