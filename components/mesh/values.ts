import type { MeshBlueprint } from "../../site/platform/mesh-types";
import { keepApart } from "../support/keep-apart";

/** Values of Istio's charts. The parts of the mesh find each other by its revision. */

/** Names of what istiod sends requests' records and traces to. */
export const accessLogProvider = "access-log";
export const tracingProvider = "tracing";

/** Tools that apply on the server's side and istiod would otherwise take this field from each other. */
const validation = { validationFailurePolicy: "Fail" };

export function baseValues({ revision }: MeshBlueprint) {
  return {
    defaultRevision: revision,
    // Definitions come first and on their own.
    base: { ...validation, enableCRDTemplates: false },
  };
}

export function istiodValues(mesh: MeshBlueprint) {
  const { controlPlane, revision, tag, mode } = mesh;
  const { replicas } = controlPlane;
  return {
    ...(mode === "ambient" && { profile: "ambient" }),
    revision,
    revisionTags: [tag],
    autoscaleEnabled: false,
    replicaCount: replicas,
    resources: controlPlane.resources,
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
    ...(mode === "ambient" && { profile: "ambient" }),
    revision,
    resources: nodeResources.cni,
    global: { logAsJson: true },
  };
}

export function ztunnelValues({ revision, nodeResources }: MeshBlueprint) {
  return { profile: "ambient", revision, resources: nodeResources.ztunnel, logAsJson: true };
}

/** Requests are recorded and traced only as the Telemetry resource says. */
function meshConfig({ accessLog, tracing }: MeshBlueprint) {
  return {
    enablePrometheusMerge: true,
    enableTracing: tracing !== undefined,
    defaultConfig: {
      holdApplicationUntilProxyStarts: true,
      // Istio's own tracer of old would trace besides the provider.
      tracing: {},
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
