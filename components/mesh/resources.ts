import type { MeshBlueprint } from "../../site/platform/mesh-types";
import { accessLogProvider, tracingProvider } from "./values";

/** Istio's custom resources that hold for the whole mesh, as plain data. */

/** Whether Pods of the mesh also take connections without mutual TLS. */
export function peerAuthentication({ namespace, mtls }: MeshBlueprint) {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name: "default", namespace },
    spec: { mtls: { mode: mtls.toUpperCase() } },
  };
}

/** What is recorded of every request, and how many are traced. */
export function telemetry({ namespace, tracing }: MeshBlueprint) {
  return {
    apiVersion: "telemetry.istio.io/v1",
    kind: "Telemetry",
    metadata: { name: "mesh-default", namespace },
    spec: {
      accessLogging: [{ providers: [{ name: accessLogProvider }] }],
      ...(tracing !== undefined && {
        tracing: [
          {
            providers: [{ name: tracingProvider }],
            randomSamplingPercentage: tracing.samplingPercent,
          },
        ],
      }),
    },
  };
}
