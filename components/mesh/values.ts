import type { MeshBlueprint } from "../../site/platform/mesh-types";
import { keepApart } from "../support/keep-apart";
import { runtimeSeccomp } from "../support/pod-security";

/** Values of Istio's charts. The parts of the mesh find each other by its revision. */

/** Names of what istiod sends requests' records and traces to. */
export const accessLogProvider = "access-log";
export const tracingProvider = "tracing";

/** Tools that apply on the server's side and istiod would otherwise take this field from each other. */
const validation = { validationFailurePolicy: "Fail" };

export function baseValues({ revision, definitions }: MeshBlueprint) {
  return {
    defaultRevision: revision,
    // Definitions come first and on their own; the chart has no other way to leave them out.
    base: { ...validation, excludedCRDs: [...definitions] },
  };
}

export function istiodValues(mesh: MeshBlueprint) {
  const { controlPlane, revision, tag, mode } = mesh;
  const { replicas } = controlPlane;
  return {
    // What the profile "ambient" sets, but for its other images.
    ...(mode === "ambient" && { env: { PILOT_ENABLE_AMBIENT: "true" } }),
    revision,
    revisionTags: [tag],
    autoscaleEnabled: false,
    replicaCount: replicas,
    resources: controlPlane.resources,
    ...runtimeSeccomp,
    // Its label of the revision: Pods of the version before do not count.
    affinity: keepApart({ app: "istiod", "istio.io/rev": revision }),
    cni: { enabled: true },
    base: validation,
    // What the injector adds must pass the strictest Pod security level as well.
    gateways: { seccompProfile: { type: "RuntimeDefault" } },
    global: {
      hub: mesh.hub,
      tag: mesh.version,
      logAsJson: true,
      priorityClassName: "system-cluster-critical",
      // On a single Pod it would only keep its node from ever being drained.
      defaultPodDisruptionBudget: { enabled: replicas > 1 },
      proxy: {
        clusterDomain: mesh.clusterDomain,
        resources: mesh.proxy,
        seccompProfile: { type: "RuntimeDefault" },
      },
      waypoint: { resources: mesh.proxy },
    },
    meshConfig: meshConfig(mesh),
  };
}

export function cniValues({ mode, revision, nodeResources }: MeshBlueprint) {
  return {
    ...(mode === "ambient" && { ambient: { enabled: true } }),
    revision,
    resources: nodeResources.cni,
    global: { logAsJson: true },
  };
}

export function ztunnelValues({ revision, nodeResources }: MeshBlueprint) {
  return { revision, resources: nodeResources.ztunnel, logAsJson: true };
}

/** Requests are recorded and traced only as the Telemetry resource says. */
function meshConfig({ mode, accessLog, tracing }: MeshBlueprint) {
  return {
    enablePrometheusMerge: true,
    enableTracing: tracing !== undefined,
    defaultConfig: {
      holdApplicationUntilProxyStarts: true,
      // Istio's own tracer of old would trace besides the provider.
      tracing: {},
      ...(mode === "ambient" && { proxyMetadata: { ISTIO_META_ENABLE_HBONE: "true" } }),
    },
    extensionProviders: [
      {
        name: accessLogProvider,
        envoyFileAccessLog: { path: "/dev/stdout", logFormat: { labels: { ...accessLog } } },
      },
      ...(tracing === undefined
        ? []
        : [
            {
              name: tracingProvider,
              [tracing.provider]: { service: tracing.service, port: tracing.port },
            },
          ]),
    ],
  };
}
