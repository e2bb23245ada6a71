import { writeFilesScript } from "../engine/shell-text";
import { daemonFunctions, daemonLine } from "./daemons";
import type { ClusterPlan } from "./plan";

const configFile = "/etc/kubekey/haproxy/haproxy.cfg";

/** haproxy.cfg of a worker: its own port 6443 leads to every control plane. */
export function haproxyConfig(plan: ClusterPlan): string {
  const servers = plan.groups.controlPlane.map(
    (host) => `  server ${host.name} ${host.login.address}:6443 check check-ssl verify none`,
  );
  return `global
  maxconn 1024
defaults
  mode tcp
  timeout connect 5s
  timeout client 10m
  timeout server 10m
frontend healthz
  bind *:8081
  mode http
  monitor-uri /healthz
frontend kube_api_frontend
  bind 127.0.0.1:${plan.endpoint.port}
  default_backend kube_api_backend
backend kube_api_backend
  balance leastconn
  default-server inter 15s downinter 15s rise 2 fall 2 slowstart 60s maxconn 1000 maxqueue 256 weight 100
  option httpchk GET /healthz
  http-check expect status 200
${servers.join("\n")}
`;
}

/** Shell lines that put haproxy on a worker and start it when the program is there. */
export function haproxyScript(plan: ClusterPlan): string {
  return `set -e
before=$(md5sum ${configFile} 2> /dev/null || true)
${writeFilesScript([{ path: configFile, content: haproxyConfig(plan) }])}
PATH=$PATH:/usr/sbin:/sbin
command -v haproxy > /dev/null || exit 0
${daemonFunctions}
[ "$before" = "$(md5sum ${configFile})" ] || stop haproxy
${daemonLine("haproxy", ["haproxy", "-db", "-f", configFile])}
`;
}

/** Shell lines that make a host find the API server's name on itself. */
export function localEndpointScript(plan: ClusterPlan): string {
  const domain = plan.endpoint.domain.replaceAll(".", "\\.");
  return `sed 's#.* ${domain}#127.0.0.1 ${plan.endpoint.domain}#g' /etc/hosts > /etc/hosts.kk-part
cat /etc/hosts.kk-part > /etc/hosts && rm -f /etc/hosts.kk-part
`;
}
