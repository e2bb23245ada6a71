import type { RemoteWriteBlueprint } from "../../site/platform/monitoring-types";
import { keys, remoteWriteSecret } from "./credentials";

/** One place that Prometheus sends figures on to, as its custom resource says it. */
export function remoteWrite({ name, url, login, tokenSecret, ca, keep }: RemoteWriteBlueprint) {
  const secret = remoteWriteSecret(name);
  return {
    name,
    url,
    ...(login !== undefined && {
      basicAuth: {
        username: { name: secret, key: keys.user },
        password: { name: secret, key: keys.password },
      },
    }),
    ...(tokenSecret !== undefined && {
      authorization: { type: "Bearer", credentials: { name: secret, key: keys.token } },
    }),
    ...(ca !== undefined && { tlsConfig: { ca: { secret: { name: secret, key: keys.ca } } } }),
    ...(keep !== undefined && {
      writeRelabelConfigs: [{ action: "keep", sourceLabels: ["__name__"], regex: keep }],
    }),
  };
}
