import type { BlueprintInput } from "../blueprint-input";
import type { Site } from "../schema/site";
import { edgeBlueprint } from "./edge";
import { nameSuffix, trafficPolicy } from "./ingress-names";
import type { IngressBlueprint, StandbyBlueprint } from "./ingress-types";
import { nodePorts } from "./node-ports";
import { chartBlueprint, noPart, podSecurity } from "./parts";
import { spreadReplicas } from "./replicas";
import { passthroughHosts, standby, standbyInstalled, wildcardSecret } from "./routes";

/** As much as it takes to serve all while no gateway is ready. */
const resources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "2", memory: "512Mi" },
};

/** Everything decided about the site's ingress; undefined where the site has none. */
export function ingressBlueprint(input: BlueprintInput): IngressBlueprint | undefined {
  const { site } = input;
  if (site.ingress === undefined) return undefined;
  const domain = nameSuffix(site, input.release.product);
  const named = domain === undefined ? {} : { domain };
  if (!standbyInstalled(site)) return { ...noPart, ...named };
  const { name, namespace } = standby;
  const replicas = spreadReplicas(site);
  return {
    ...named,
    charts: [chartBlueprint(input, "traefik", name, namespace)],
    crds: ["traefik"],
    programs: [],
    namespaces: [{ name: namespace, labels: podSecurity("restricted") }],
    pods: [{ name, namespace, replicas, resources, nodeSelector: {}, tolerates: [] }],
    standby: {
      namespace,
      ingressClass: name,
      replicas,
      resources,
      nodePorts: nodePorts.standby,
      trafficPolicy: trafficPolicy(site),
      ...proxyProtocol(site),
      forwardedFrom: site.mesh === undefined ? [] : [site.cluster.podCidr],
      ...(site.certificates !== undefined && { certificateSecret: wildcardSecret }),
      secure: site.certificates !== undefined || passthroughHosts(site, input.release).length > 0,
    },
  };
}

/** The customer's own balancer connects from addresses that nobody states here. */
function proxyProtocol(site: Site): Pick<StandbyBlueprint, "proxyProtocol"> {
  const edge = edgeBlueprint(site, []);
  if (edge === undefined || !edge.proxyProtocol) return {};
  return { proxyProtocol: edge.mode === "external" ? "anyone" : edge.proxyAddresses };
}
