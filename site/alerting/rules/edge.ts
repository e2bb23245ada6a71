import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { hostJobs } from "./hosts";
import { systemAlert } from "./rule";

/** Hosts at the edge: haproxy, and the addresses that they share. */

const proxy = `job="${jobs.haproxy}"`;

export const edgeRules: RuleGroup = {
  name: "edge",
  rules: [
    systemAlert({
      alert: "EdgeProxyDown",
      severity: "critical",
      minutes: 2,
      expr: `up{${proxy}} == 0`,
      summary: "haproxy of {{ $labels.host }} does not answer",
      description: "The shared address moves to another edge host, where there is one.",
      runbook: [
        "`systemctl status haproxy keepalived` and `journalctl -u haproxy -e` on the host.",
        "`haproxy -c -f /etc/haproxy/haproxy.cfg`.",
      ],
    }),
    systemAlert({
      alert: "EdgeBackendDown",
      severity: "critical",
      minutes: 2,
      expr: `(haproxy_backend_active_servers{${proxy},proxy!="clients"} + haproxy_backend_backup_servers{${proxy},proxy!="clients"}) == 0`,
      summary: "{{ $labels.proxy }}: no machine is left behind haproxy of {{ $labels.host }}",
      description: "Clients of that port get nothing.",
      runbook: [
        "`echo 'show servers state' | socat stdio /run/haproxy.sock` on the host: which check fails?",
        "Are the mesh's gateways and the standby ingress ready (`kubectl get pods -A -o wide | grep -E 'gateway|traefik'`)?",
      ],
    }),
    systemAlert({
      alert: "EdgeServerDown",
      severity: "warning",
      minutes: 10,
      expr: `haproxy_server_status{${proxy},state="DOWN"} == 1`,
      summary:
        "{{ $labels.server }} of {{ $labels.proxy }} is down for haproxy of {{ $labels.host }}",
      description: "The others take its requests.",
      runbook: ["As for EdgeBackendDown, on that machine."],
    }),
    systemAlert({
      alert: "EdgeConnectionsFull",
      severity: "warning",
      minutes: 5,
      expr: `haproxy_process_current_connections{${proxy}} / haproxy_process_max_connections{${proxy}} > 0.8`,
      summary:
        "haproxy of {{ $labels.host }} has {{ $value | humanizePercentage }} of its connections in use",
      description: "Beyond them clients wait for one to end.",
      runbook: [
        "The page /stats of the host: which port, which clients?",
        "Tighten `edge.limits` against few clients that take all; otherwise ask for more hosts.",
      ],
    }),
  ],
};

/** @param addresses that hosts hand to each other, as keepalived or kube-vip tell them to */
export function addressRules(addresses: readonly string[]): RuleGroup {
  const known = `node_network_address_info{${hostJobs}}`;
  const held = `node_network_address_info{${hostJobs},address=~"${addresses.map(escaped).join("|")}"}`;
  const count = addresses.length;
  return {
    name: "addresses",
    rules: [
      systemAlert({
        alert: "EdgeAddressMissing",
        severity: "critical",
        minutes: 1,
        expr: `(count(count by (address) (${held})) or vector(0)) < ${count} and on () count(${known}) > 0`,
        summary: `Only {{ $value }} of ${count} shared addresses are held by a host`,
        description: "Clients reach nothing there.",
        runbook: [
          "`ip address` and `journalctl -u keepalived -e` on the edge hosts: who should have it, which check fails?",
          "`curl http://127.0.0.1:…` of the monitor port in /etc/haproxy/haproxy.cfg: does haproxy answer?",
        ],
      }),
      systemAlert({
        alert: "EdgeAddressTwice",
        severity: "critical",
        minutes: 2,
        expr: `count by (address) (${held}) > 1`,
        summary: "{{ $labels.address }} is held by {{ $value }} hosts at once",
        description: "Connections break: the network sends them now to one, now to the other.",
        runbook: [
          "The hosts do not hear each other: IP protocol 112 (VRRP) between them, a firewall, a switch.",
          "Has somebody else in that network the same router id? See `edge.routerId`.",
          "Stop keepalived on one of them until it is mended.",
        ],
      }),
      systemAlert({
        alert: "EdgeAddressMoves",
        severity: "warning",
        minutes: 0,
        expr: `sum by (address) (count_over_time((${held} unless ${held} offset 1m)[30m:1m])) >= 4`,
        summary:
          "{{ $labels.address }} went from host to host {{ $value }} times within half an hour",
        description: "Connections break each time.",
        runbook: [
          "`journalctl -u keepalived --since -1h` on the edge hosts: which check fails at times?",
          "Load of the hosts, loss of packets between them.",
        ],
      }),
    ],
  };
}

/** An address within a regular expression within a text of PromQL. */
function escaped(address: string): string {
  return address.replaceAll(".", "\\\\.");
}
