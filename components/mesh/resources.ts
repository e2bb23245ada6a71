import type {
  GatewayBlueprint,
  GatewayServer,
  MeshBlueprint,
} from "../../site/platform/mesh-types";
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

/** What the gateway serves: all names of the site, encrypted where it has certificates. */
export function gatewayServer(
  { namespace, selector }: GatewayBlueprint,
  { name, hosts, certificateSecret, httpsRedirect }: GatewayServer,
) {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name, namespace },
    spec: {
      selector: { ...selector },
      servers: [
        {
          port: { number: 80, name: "http", protocol: "HTTP" },
          hosts: [...hosts],
          ...(httpsRedirect && { tls: { httpsRedirect } }),
        },
        ...(certificateSecret === undefined
          ? []
          : [
              {
                port: { number: 443, name: "https", protocol: "HTTPS" },
                hosts: [...hosts],
                tls: {
                  mode: "SIMPLE",
                  credentialName: certificateSecret,
                  minProtocolVersion: "TLSV1_2",
                },
              },
            ]),
      ],
    },
  };
}
