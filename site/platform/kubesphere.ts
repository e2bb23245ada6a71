import type { BlueprintInput } from "../blueprint-input";
import { ownPrefix } from "../nodes";
import type { KubeSphereBlueprint } from "./kubesphere-types";
import type { PlatformPart, PlatformPods } from "./part-types";
import { chartBlueprint, noPart, podSecurity } from "./parts";

/** Where KubeSphere runs; its own name for it, which other charts of its makers rely on. */
const namespace = "kubesphere-system";

const resources = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "1", memory: "1Gi" },
};

const cacheResources = {
  requests: { cpu: "50m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "512Mi" },
};

/** Jobs and side containers: small, and rarely there. */
const helperResources = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "512Mi" },
};

/** Anything that the chart starts three of needs as many hosts. */
const hostsForThree = 3;

/** How KubeSphere is installed; undefined where the site does not want it. */
export function kubesphereBlueprint(input: BlueprintInput): KubeSphereBlueprint | undefined {
  const { site } = input;
  const wanted = site.tenancy?.kubesphere;
  if (wanted === undefined) return undefined;
  const workers = site.hosts.filter(({ roles }) => roles.includes("worker")).length;
  // Its caches keep their data in volumes.
  const highlyAvailable = workers >= hostsForThree && site.storage !== undefined;
  return {
    chart: chartBlueprint(input, "ks-core", "ks-core", namespace),
    registryHost: site.registry.host,
    ...(wanted.adminPasswordSecret !== undefined && {
      adminPasswordSecret: wanted.adminPasswordSecret,
    }),
    consoleNodePort: wanted.consoleNodePort,
    highlyAvailable,
    // The chart's rolling updates start a new Pod before an old one goes: with as many hosts as Pods they never end.
    ownHosts: highlyAvailable && workers > hostsForThree,
    nodeSelector: { [`${ownPrefix}worker`]: "true" },
    resources,
    cacheResources,
    helperResources,
    timeoutSeconds: 900,
  };
}

/** What KubeSphere adds to the platform. Its definitions come with its chart, which Helm installs itself. */
export function kubespherePart(kubesphere: KubeSphereBlueprint | undefined): PlatformPart {
  if (kubesphere === undefined) return noPart;
  // Its Pods mount the node's clock settings, which no level below this allows.
  const labels = podSecurity("privileged");
  return {
    ...noPart,
    charts: [kubesphere.chart],
    // The chart's hook would make the second too; made here it has a place among the platform's.
    namespaces: [
      { name: namespace, labels },
      { name: "kubesphere-controls-system", labels: {} },
    ],
    pods: kubespherePods(kubesphere),
  };
}

function kubespherePods({
  highlyAvailable,
  nodeSelector,
}: KubeSphereBlueprint): readonly PlatformPods[] {
  const pods = (name: string, replicas: number, of: PlatformPods["resources"]): PlatformPods => ({
    name,
    namespace,
    replicas,
    resources: of,
    nodeSelector,
    tolerates: [],
  });
  const each = highlyAvailable ? hostsForThree : 1;
  return [
    ...["ks-apiserver", "ks-console", "ks-controller-manager"].map((name) =>
      pods(name, each, resources),
    ),
    pods("extensions-museum", 1, helperResources),
    ...(highlyAvailable
      ? [
          pods("ks-core-redisha-server", each, cacheResources),
          pods("ks-core-redisha-haproxy", each, cacheResources),
        ]
      : []),
  ];
}
