import { stringify } from "yaml";
import type { ClusterBlueprint } from "../../site/blueprint-types";

export interface RoleKubeconfig {
  readonly site: string;
  readonly account: string;
  /** Namespace that commands mean by default; absent: `default`, where no role is bound. */
  readonly namespace: string | undefined;
  /** Certificate authority of the API server, PEM. */
  readonly ca: Buffer;
  readonly token: string;
  readonly endpoint: ClusterBlueprint["endpoint"];
}

/** A kubeconfig that logs in by a token, for somebody within the site's network. */
export function roleKubeconfig(input: RoleKubeconfig): string {
  const { site, account, namespace, ca, token, endpoint } = input;
  const { address, port, domain } = endpoint;
  const name = `${site}-${account}`;
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: site,
          cluster: {
            server: `https://${address}:${port}`,
            // The address may be a balancer's, which the certificate need not name.
            "tls-server-name": domain,
            "certificate-authority-data": ca.toString("base64"),
          },
        },
      ],
      users: [{ name, user: { token } }],
      contexts: [
        {
          name,
          context: { cluster: site, user: name, ...(namespace !== undefined && { namespace }) },
        },
      ],
      "current-context": name,
    },
    { lineWidth: 0 },
  );
}
