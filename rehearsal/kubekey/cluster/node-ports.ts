import type { EdgeBlueprint } from "../../../site/platform/edge-types";
import { gatewayReadyPath, nodePorts, standbyReadyPath } from "../../../site/platform/node-ports";
import { daemonFunctions, daemonLine } from "./daemons";

/** What answers on the NodePorts of one simulated host. */
export interface NodePortAnswers {
  readonly gateway: boolean;
  readonly standby: boolean;
  readonly furtherPorts: readonly number[];
  /** NodePorts of the gateway's own ports for what is not HTTP. */
  readonly gatewayPorts: readonly number[];
  /** Whether connections begin with a PROXY protocol header, as the site tells its gateways to expect. */
  readonly proxyProtocol: boolean;
}

/** Where a host finds {@link nodePortsConfig}. */
export const nodePortsFile = "/etc/simulated-host/node-ports.cfg";
const certificate = "/run/simulated-host/node-ports.pem";

/** Which NodePorts of a host would answer, once it is a node; undefined for a host on which none does. */
export function nodePortAnswers(edge: EdgeBlueprint, host: string): NodePortAnswers | undefined {
  const gateway = edge.gatewayHosts.includes(host);
  const standby = edge.standbyHosts.includes(host);
  if (!gateway && !standby) return undefined;
  const further = edge.ports.filter(({ gateway }) => gateway.health === undefined);
  const own = edge.ports.filter((port) => port.gateway.health && port.standby === undefined);
  return {
    gateway,
    standby,
    furtherPorts: gateway ? further.map((port) => port.gateway.nodePort) : [],
    gatewayPorts: gateway ? own.map((port) => port.gateway.nodePort) : [],
    proxyProtocol: edge.proxyProtocol,
  };
}

/**
 * haproxy.cfg of what stands for kube-proxy and the gateways' Pods on a simulated node: a real proxy that answers by itself, and
 * names itself and the client in its answer. It answers from the moment the host is a node, whether the Pods are there or not.
 */
export function nodePortsConfig(host: string, answers: NodePortAnswers): string {
  const { gateway, standby } = nodePorts;
  const accept = answers.proxyProtocol ? " accept-proxy" : "";
  const answer = (what: string) =>
    `  http-request return status 200 content-type text/plain lf-string "simulated ${what} on ${host} for %[src]"`;
  const front = (name: string, binds: readonly string[], rules: readonly string[]) =>
    [`frontend ${name}`, ...binds.map((bind) => `  bind :${bind}`), ...rules, ""].join("\n");
  const ready = (path: string) => [
    `  http-request return status 200 if { path ${path} }`,
    "  http-request return status 404",
  ];
  const web = (ports: { readonly http: number; readonly https: number }) => [
    `${ports.http}${accept}`,
    `${ports.https} ssl crt ${certificate}${accept}`,
  ];
  return [
    "# Simulated: in a rehearsal no container runs, so this stands for kube-proxy and the Pods behind NodePorts.",
    "global\n  maxconn 256\n",
    "defaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n",
    ...(answers.gateway
      ? [
          front("gateway-status", [`${gateway.status}`], ready(gatewayReadyPath)),
          front("gateway", web(gateway), [answer("gateway")]),
          ...answers.gatewayPorts.map((port) =>
            front(`gateway-${port}`, [`${port}${accept}`], [answer(`gateway port ${port}`)]),
          ),
        ]
      : []),
    ...(answers.standby
      ? [
          front("standby-ping", [`${standby.ping}`], ready(standbyReadyPath)),
          front("standby", web(standby), [answer("standby")]),
        ]
      : []),
    ...(answers.furtherPorts.length > 0
      ? [front("further", answers.furtherPorts.map(String), [answer("service")])]
      : []),
  ].join("\n");
}

/** Shell lines that let a new node's NodePorts answer, where any would. */
export const startNodePortsScript = `set -e
[ -s ${nodePortsFile} ] || exit 0
PATH=$PATH:/usr/sbin:/sbin
${daemonFunctions}
serve='[ -s ${certificate} ] || {
  mkdir -p /run/simulated-host
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=simulated-gateway \\
    -keyout /run/simulated-host/key.pem -out /run/simulated-host/certificate.pem 2>/dev/null
  cat /run/simulated-host/certificate.pem /run/simulated-host/key.pem > ${certificate}
}
exec haproxy -db -f ${nodePortsFile}'
${daemonLine("node-ports", ["bash", "-c"])} "$serve"
`;

/** A shell line that ends the answers of a host that is no node any more; needs the daemon functions. */
export const stopNodePortsLine = "stop node-ports";
