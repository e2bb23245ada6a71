import { createHash } from "node:crypto";
import type {
  EdgeBackend,
  EdgeBlueprint,
  EdgePort,
  ProxyBlueprint,
} from "../../site/platform/edge-types";

/** Where `socat` reaches a running proxy, say to take a gateway out of service before work on it. */
export const statsSocket = "/run/haproxy.sock";

/** Addresses that the proxy remembers for its limits; about 20 MB. */
const rememberedClients = 100_000;

/**
 * haproxy.cfg of one edge host. Connections are passed on as they are, TLS included; what is in them is the gateways' business.
 *
 * @param host the host's own address, which the figures are shown on where others may read them
 */
export function haproxyConfig(edge: EdgeBlueprint, proxy: ProxyBlueprint, host: string): string {
  const body = [
    stats(proxy, host),
    "# Counts what each client address takes, over all ports.",
    "backend clients",
    `  stick-table type ip size ${rememberedClients} expire 60s store conn_cur,conn_rate(10s)`,
    ...healthBackends(edge),
    ...edge.ports.flatMap((port) => ["", ...portLines(edge, proxy, port)]),
    "",
  ].join("\n");
  const head = general(proxy);
  return [head, monitor(proxy, configMark(head + body)), body].join("\n");
}

/** Changes with the configuration; the running proxy tells it, so that a reload can be seen to have worked. */
function configMark(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function general({ timeouts }: ProxyBlueprint): string {
  return `# Kept by Sitewright: changes made here are lost.
global
  log stdout format raw daemon notice
  user haproxy
  group haproxy
  maxconn 50000
  # A host that allows fewer open files gets as many connections as it allows, and no failure.
  no strict-limits
  # For whoever administers this host: drain a gateway, read counters.
  stats socket ${statsSocket} mode 600 level admin
  # A reload ends connections of the configuration before it that are still open then.
  hard-stop-after 30m

defaults
  mode tcp
  log global
  option redispatch
  retries 3
  timeout connect ${timeouts.connectSeconds}s
  timeout client ${timeouts.idleSeconds}s
  timeout server ${timeouts.idleSeconds}s
  timeout tunnel ${timeouts.tunnelSeconds}s
  timeout client-fin 30s
  timeout check 2s
  default-server inter 2s fall 2 rise 2
`;
}

/** Answered by the proxy itself, so keepalived learns when it hangs although its process is there. */
function monitor({ monitorPort }: ProxyBlueprint, mark: string): string {
  return `# Asked by keepalived of this host, and after a reload which configuration runs.
frontend monitor
  bind 127.0.0.1:${monitorPort}
  mode http
  timeout client 5s
  http-request return status 200 content-type text/plain string ${mark}
`;
}

function stats({ stats: { port, allow } }: ProxyBlueprint, host: string): string {
  const readers = ["127.0.0.0/8", `${host}/32`, ...allow].join(" ");
  return `frontend stats
  bind 127.0.0.1:${port}
${allow.length > 0 ? `  bind ${host}:${port}\n  http-request deny unless { src ${readers} }\n` : ""}  mode http
  http-request use-service prometheus-exporter if { path /metrics }
  stats enable
  stats uri /stats
  stats hide-version
`;
}

/** One backend for each kind of machine that is asked whether it is ready; every port follows what is found there. */
function healthBackends({ ports }: EdgeBlueprint): readonly string[] {
  const kinds = new Map<string, EdgeBackend>();
  for (const { gateway, standby } of ports) {
    if (gateway.health !== undefined) kinds.set("gateway", gateway);
    if (standby?.health !== undefined) kinds.set("standby", standby);
  }
  return [...kinds].flatMap(([kind, { hosts, health }]) => [
    "",
    `# Only asked, never used: is the ${kind} of each host ready?`,
    `backend ${kind}-ready`,
    "  option httpchk",
    // Envoy answers nothing older.
    `  http-check send meth GET uri ${health?.path ?? "/"} ver HTTP/1.1 hdr Host ready`,
    "  http-check expect status 200",
    ...hosts.map(({ host, address }) => `  server ${host} ${address}:${health?.port ?? 0} check`),
  ]);
}

function portLines(edge: EdgeBlueprint, proxy: ProxyBlueprint, port: EdgePort): readonly string[] {
  const { connections, connectionsPer10Seconds } = proxy.limits;
  const { gateway, standby, name } = port;
  return [
    `frontend ${name}`,
    ...edge.addresses.map((address) => `  bind ${address}:${port.port}`),
    "  tcp-request connection track-sc0 src table clients",
    `  tcp-request connection reject if { sc0_conn_cur gt ${connections} }`,
    `  tcp-request connection reject if { sc0_conn_rate gt ${connectionsPer10Seconds} }`,
    `  default_backend ${name}-machines`,
    "",
    `backend ${name}-machines`,
    "  balance leastconn",
    ...servers("gateway", gateway, edge),
    ...(standby === undefined
      ? []
      : [
          "  # All that stand by share the work, once no gateway is ready.",
          "  option allbackups",
          ...servers("standby", standby, edge),
        ]),
  ];
}

/** The site's own ports are told who the client is, where it wants that; what is behind further ports may not expect it. */
function servers(
  kind: "gateway" | "standby",
  { hosts, nodePort, health }: EdgeBackend,
  { proxyProtocol }: EdgeBlueprint,
): readonly string[] {
  return hosts.map(({ host, address }) =>
    [
      `  server ${kind}-${host} ${address}:${nodePort}`,
      health === undefined ? "check" : `track ${kind}-ready/${host}`,
      ...(kind === "standby" ? ["backup"] : []),
      ...(proxyProtocol && health !== undefined ? ["send-proxy-v2"] : []),
    ].join(" "),
  );
}
