import type { GatewayBlueprint, GatewayServer } from "../../site/platform/mesh-types";
import { gateway as served } from "../../site/platform/routes";

/** What the mesh's gateway listens for, as plain data. */

/** What the gateway serves: all names of the site, encrypted where it has certificates. */
export function gatewayServer(
  gateway: GatewayBlueprint,
  { name, hosts, certificateSecret, httpsRedirect }: GatewayServer,
) {
  return listening(gateway, name, [
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
  ]);
}

/** What goes on as it is, by the name that the client asks for; undefined where nothing does. */
export function passthroughServer(gateway: GatewayBlueprint) {
  const { passthroughHosts } = gateway;
  if (passthroughHosts.length === 0) return undefined;
  return listening(gateway, served.passthroughServer, [
    {
      port: { number: 443, name: "tls", protocol: "TLS" },
      hosts: [...passthroughHosts],
      tls: { mode: "PASSTHROUGH" },
    },
  ]);
}

/** Ports for what is not HTTP; undefined where there are none. */
export function tcpServer(gateway: GatewayBlueprint) {
  const { listeners } = gateway;
  if (listeners.length === 0) return undefined;
  return listening(
    gateway,
    served.tcpServer,
    listeners.map(({ port }) => ({
      port: { number: port, name: `tcp-${port}`, protocol: "TCP" },
      hosts: ["*"],
    })),
  );
}

function listening<Server extends object>(
  { namespace, selector }: GatewayBlueprint,
  name: string,
  servers: readonly Server[],
) {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name, namespace },
    spec: { selector: { ...selector }, servers: [...servers] },
  };
}
