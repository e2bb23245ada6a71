import type { KubeSphereBlueprint } from "../../site/platform/kubesphere-types";

/** Values of the chart ks-core. Keys that its templates do not read are left out, `telemetry.enabled` among them. */

/** What only the deployment knows. */
export interface KubeSphereSecrets<Text> {
  readonly adminPassword: Text;
  readonly jwtSecret: Text;
}

export function kubesphereValues<Text>(
  blueprint: KubeSphereBlueprint,
  { adminPassword, jwtSecret }: KubeSphereSecrets<Text>,
) {
  const { registryHost, consoleNodePort, highlyAvailable, ownHosts, nodeSelector } = blueprint;
  const { resources, cacheResources, helperResources } = blueprint;
  const program = { resources, hardAntiAffinity: ownHosts };
  const cache = { resources: cacheResources };
  const helper = { resources: helperResources };
  return {
    // One key for every image: the programs', the museum's, those of Jobs that programs start later.
    global: { imageRegistry: registryHost },
    extension: { imageRegistry: registryHost, nodeSelector },
    nodeSelector,
    tolerations: [],
    multicluster: { role: "host" },
    portal: { http: { port: consoleNodePort } },
    authentication: { adminPassword, issuer: { jwtSecret } },
    apiserver: program,
    controller: program,
    console: { ...program, nodePort: consoleNodePort },
    helmExecutor: helper,
    upgrade: { enabled: false },
    ha: { enabled: highlyAvailable },
    redisHA: {
      enabled: highlyAvailable,
      ...(highlyAvailable && {
        nodeSelector,
        tolerations: [],
        // Of a set the old Pod goes first.
        hardAntiAffinity: true,
        redis: cache,
        sentinel: helper,
        init: helper,
        splitBrainDetection: helper,
        haproxy: { ...cache, hardAntiAffinity: ownHosts, init: helper },
      }),
    },
  };
}

/** The setting that keeps KubeSphere from telling its makers about the cluster. */
export const telemetrySecret = "io.kubesphere.config.platformconfig.telemetry";

/** What stands in it, base64 as a Secret's data is. */
export function telemetryOff(): Readonly<Record<string, string>> {
  return { "configuration.yaml": Buffer.from("enabled: false\n").toString("base64") };
}
