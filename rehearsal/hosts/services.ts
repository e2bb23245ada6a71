/**
 * Folder of a simulated host with one script for each service that is to run after a start: it starts the service
 * unless it runs.
 */
export const servicesFolder = "/etc/simulated-host/services";

/** Stands for init: starts services, keeps sshd running, reaps what dies, and ends on SIGTERM, which ends the host. */
export const initScript = `#!/bin/bash
trap 'exit 0' TERM
(
  # A service may give up while another one, perhaps another host's, is not there yet.
  for try in 1 2 3 4 5 6 7 8 9 10; do
    for service in ${servicesFolder}/*; do
      [ ! -f "$service" ] || bash "$service"
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
