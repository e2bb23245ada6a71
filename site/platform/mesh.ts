import type { BlueprintInput } from "../blueprint-input";
import { siteImage } from "../images";
import { isNode, ownPrefix, taintKeys } from "../nodes";
import type { MeshSettings } from "../schema/mesh";
import type { Site } from "../schema/site";
import { withCanaries } from "../workload/canary";
import { siteWorkloads } from "../workload/workloads";
import { gatewayHosts } from "./edge";
import { trafficPolicy } from "./ingress-names";
import { meshNamespace, revisionTag } from "./mesh-members";
import type { GatewayBlueprint, GatewayServer, MeshBlueprint } from "./mesh-types";
import { nodePorts } from "./node-ports";
import type { PlatformPods } from "./part-types";
import { chartBlueprint } from "./parts";
import { spreadReplicas } from "./replicas";
import {
  certificateNames,
  gateway,
  gatewayListeners,
  passthroughHosts,
  redirects,
  wildcardSecret,
} from "./routes";
import { meshTracing } from "./tracing-place";

const controlPlane = {
  requests: { cpu: "250m", memory: "1Gi" },
  limits: { cpu: "2", memory: "2Gi" },
};

/** On every node, whatever else runs there. */
const nodeResources = {
  cni: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "250m", memory: "256Mi" } },
  ztunnel: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
};

/** One line of JSON a request; what Envoy calls them is in its manual under "command operators". */
const accessLog = {
  time: "%START_TIME%",
  method: "%REQ(:METHOD)%",
  host: "%REQ(:AUTHORITY)%",
  path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
  protocol: "%PROTOCOL%",
  status: "%RESPONSE_CODE%",
  status_details: "%RESPONSE_CODE_DETAILS%",
  flags: "%RESPONSE_FLAGS%",
  bytes_received: "%BYTES_RECEIVED%",
  bytes_sent: "%BYTES_SENT%",
  duration_ms: "%DURATION%",
  upstream_ms: "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%",
  upstream_host: "%UPSTREAM_HOST%",
  upstream_cluster: "%UPSTREAM_CLUSTER%",
  route: "%ROUTE_NAME%",
  client: "%DOWNSTREAM_REMOTE_ADDRESS%",
  forwarded_for: "%REQ(X-FORWARDED-FOR)%",
  user_agent: "%REQ(USER-AGENT)%",
  request_id: "%REQ(X-REQUEST-ID)%",
  trace_id: "%TRACE_ID%",
};

/** Version of Istio that the catalogue pins. */
function istioVersion({ catalogue }: BlueprintInput): string {
  return catalogue.platform.charts.istiod?.version ?? "";
}

/** Names of Istio's definitions, which come before its charts. */
function definitionNames({ catalogue }: BlueprintInput): readonly string[] {
  return Object.entries(catalogue.crds.istio?.groups ?? {})
    .flatMap(([group, kinds]) => kinds.map(({ plural }) => `${plural}.${group}`))
    .sort();
}

/** Everything decided about the site's mesh; undefined where the site has none. */
export function meshBlueprint(input: BlueprintInput): MeshBlueprint | undefined {
  const { site } = input;
  const { mesh } = site;
  if (mesh === undefined) return undefined;
  const version = istioVersion(input);
  const ambient = mesh.mode === "ambient";
  const chart = (name: string, release: string, namespace: string = meshNamespace) =>
    chartBlueprint(input, name, release, namespace);
  const way = gatewayBlueprint(input);
  const tracing = meshTracing(site);
  return {
    charts: [
      chart("base", "istio-base"),
      chart("istiod", "istiod"),
      // With the plugin no Pod needs the right to change its own network, so "restricted" ones can join.
      chart("cni", "istio-cni"),
      ...(ambient ? [chart("ztunnel", "ztunnel")] : []),
      chart("gateway", way.name, way.namespace),
    ],
    crds: ["gateway-api", "istio"],
    programs: [],
    namespaces: [
      { name: meshNamespace, labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
      { name: way.namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    ],
    pods: pods(input, mesh, way),
    mode: mesh.mode,
    namespace: meshNamespace,
    revision: version.replaceAll(".", "-"),
    tag: revisionTag,
    hub: siteImage("registry.istio.io/release", site.registry.host),
    version,
    definitions: definitionNames(input),
    clusterDomain: site.cluster.name,
    controlPlane: { replicas: spreadReplicas(site), resources: controlPlane },
    nodeResources,
    proxy: mesh.proxy,
    gateway: way,
    mtls: mesh.mtls,
    accessLog,
    ...(tracing && {
      tracing: {
        provider: tracing.provider,
        service: `${tracing.service}.${tracing.namespace}.svc.${site.cluster.name}`,
        port: tracing.port,
        samplingPercent: tracing.samplingPercent,
      },
    }),
  };
}

function gatewayBlueprint({ site, release }: BlueprintInput): GatewayBlueprint {
  const hosts = gatewayHosts(site.hosts);
  const atEdge = hosts.some(({ roles }) => roles.includes("edge"));
  const names = certificateNames(site, release);
  return {
    name: gateway.name,
    namespace: gateway.namespace,
    kind: atEdge ? "DaemonSet" : "Deployment",
    replicas: atEdge ? hosts.length : spreadReplicas(site),
    nodeSelector: atEdge ? { [`${ownPrefix}edge`]: "true" } : {},
    tolerates: atEdge ? taintKeys(hosts) : [],
    // The chart makes these labels of its own name.
    selector: { app: gateway.name, istio: gateway.name.replace(/^istio-/, "") },
    nodePorts: nodePorts.gateway,
    trafficPolicy: trafficPolicy(site),
    proxyProtocol: site.edge?.proxyProtocol === true,
    ...(names.length > 0 && { server: server(site, names) }),
    passthroughHosts: passthroughHosts(site, release),
    listeners: gatewayListeners(site, release),
  };
}

function server(site: Site, hosts: readonly string[]): GatewayServer {
  return {
    name: gateway.server,
    hosts,
    ...(site.certificates !== undefined && { certificateSecret: wildcardSecret }),
    httpsRedirect: redirects(site),
  };
}

function pods(
  { site, release }: BlueprintInput,
  { mode, proxy }: MeshSettings,
  way: GatewayBlueprint,
): readonly PlatformPods[] {
  const nodes = site.hosts.filter(isNode);
  const everywhere = (name: string, resources: PlatformPods["resources"]): PlatformPods => ({
    name,
    namespace: meshNamespace,
    replicas: nodes.length,
    resources,
    nodeSelector: {},
    tolerates: taintKeys(nodes),
  });
  const sidecars = withCanaries(siteWorkloads(site, release))
    .filter(({ mesh }) => mode === "sidecar" && mesh?.member)
    .map((workload) => ({
      name: `proxies of ${workload.name}`,
      namespace: workload.namespace,
      replicas: workload.replicas,
      resources: proxy,
      nodeSelector: workload.nodeSelector,
      tolerates: workload.tolerates,
    }));
  return [
    {
      name: "istiod",
      namespace: meshNamespace,
      replicas: spreadReplicas(site),
      resources: controlPlane,
      nodeSelector: {},
      tolerates: [],
    },
    everywhere("istio-cni-node", nodeResources.cni),
    ...(mode === "ambient" ? [everywhere("ztunnel", nodeResources.ztunnel)] : []),
    {
      name: way.name,
      namespace: way.namespace,
      replicas: way.replicas,
      resources: proxy,
      nodeSelector: way.nodeSelector,
      tolerates: way.tolerates,
    },
    ...sidecars,
  ];
}
