import { parse, stringify } from "yaml";
import { z } from "zod";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";

const adminConf = z.looseObject({
  clusters: z
    .array(
      z.looseObject({
        name: z.string(),
        cluster: z.looseObject({
          server: z.string(),
          "certificate-authority-data": z.string(),
        }),
      }),
    )
    .min(1),
  users: z
    .array(
      z.looseObject({
        name: z.string(),
        user: z.looseObject({
          "client-certificate-data": z.string(),
          "client-key-data": z.string(),
        }),
      }),
    )
    .min(1),
});

export interface KubeconfigPlace {
  /** Cluster name for the kubeconfig's own entries. */
  readonly name: string;
  readonly domain: string;
  readonly address: string;
  readonly port: number;
  /** Set when the API server is reached through the site's jump host. */
  readonly proxyUrl?: string;
}

export interface Kubeconfig {
  readonly text: string;
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * The operator's kubeconfig out of a control plane's admin.conf: same CA and client, but a server that is
 * reachable from outside, whose certificate is still checked against the site's own name. Pure. Throws RunError
 * for a text that is no admin.conf.
 */
export function operatorKubeconfig(adminConfText: string, place: KubeconfigPlace): Kubeconfig {
  const conf = readAdminConf(adminConfText);
  const cluster = conf.clusters[0]?.cluster;
  const user = conf.users[0]?.user;
  if (!cluster || !user) throw new Error("admin.conf without a cluster or user");
  const { name, domain, address, port, proxyUrl } = place;
  const data = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: `https://${address}:${port}`,
          ...(address === domain ? {} : { "tls-server-name": domain }),
          ...(proxyUrl ? { "proxy-url": proxyUrl } : {}),
          "certificate-authority-data": cluster["certificate-authority-data"],
        },
      },
    ],
    users: [
      {
        name: `${name}-admin`,
        user: {
          "client-certificate-data": user["client-certificate-data"],
          "client-key-data": user["client-key-data"],
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: `${name}-admin` } }],
    "current-context": name,
  };
  return {
    text: stringify(data, { lineWidth: 0 }),
    ca: Buffer.from(cluster["certificate-authority-data"], "base64"),
    cert: Buffer.from(user["client-certificate-data"], "base64"),
    key: Buffer.from(user["client-key-data"], "base64"),
  };
}

function readAdminConf(text: string): z.infer<typeof adminConf> {
  try {
    return adminConf.parse(parse(text));
  } catch (cause) {
    // Never quoted: it holds the administrator's key.
    throw new RunError(
      "/etc/kubernetes/admin.conf on the first control plane is no whole kubeconfig",
      {
        exitCode: exitCodes.remote,
        nextStep:
          "look at it there, let kubeadm init phase kubeconfig admin write it anew, then run the same command again",
        cause,
      },
    );
  }
}
