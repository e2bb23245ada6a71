import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { parse } from "yaml";
import {
  isMap,
  type KubeObject,
  type KubeValue,
  pluck,
  pluckMaps,
  pluckString,
} from "../objects/kube-object";

/** How to reach a cluster and as whom; certificates and keys as PEM text. */
export interface ClusterAccess {
  server: string;
  /** The namespace that the context names; "" when it names none. */
  namespace: string;
  certificateAuthority?: string;
  insecureSkipTlsVerify: boolean;
  tlsServerName?: string;
  /** http://, https:// or socks5:// address that connections go through. */
  proxyUrl?: string;
  clientCertificate?: string;
  clientKey?: string;
  token?: string;
  /** Read for every request, since such tokens are renewed. */
  tokenFile?: string;
  username?: string;
  password?: string;
  exec?: ExecCredential;
}

/** A program that prints credentials. */
export interface ExecCredential {
  command: string;
  args: string[];
  env: Record<string, string>;
  apiVersion: string;
}

/** Which entries of a kubeconfig to use instead of its current ones; "" for the current one. */
export interface ContextChoice {
  context: string;
  cluster: string;
}

/**
 * A kubeconfig given as the path of a file or as its content.
 * Errors when it is neither, without showing it.
 */
export function readKubeconfig(pathOrContent: string): { config: KubeObject; folder: string } {
  const path = pathOrContent.startsWith("~/")
    ? join(homedir(), pathOrContent.slice(2))
    : pathOrContent;
  const isFile = !path.includes("\n") && path.length < 4096 && existsSync(path);
  const text = isFile ? readFileSync(path, "utf8") : pathOrContent;
  const config: unknown = parseYaml(text);
  if (!isMap(config)) {
    throw new Error(
      "the kubeconfig is neither the path of a file that exists nor the content of one",
    );
  }
  return { config, folder: isFile ? dirname(path) : process.cwd() };
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { logLevel: "error" });
  } catch {
    throw new Error("the kubeconfig is not valid YAML");
  }
}

/** The cluster entry that is in use: what decides whether two kubeconfigs mean the same cluster. */
export function activeCluster(config: KubeObject, choice: ContextChoice): KubeObject | undefined {
  const name = choice.context === "" ? pluckString(config, "current-context") : choice.context;
  const context = entry(config, "contexts", name, "context");
  if (context === undefined) return undefined;
  const cluster = choice.cluster === "" ? pluckString(context, "cluster") : choice.cluster;
  return entry(config, "clusters", cluster, "cluster");
}

/** How to reach the cluster that the kubeconfig's context names. Errors name what is missing. */
export function accessOf(config: KubeObject, folder: string, choice: ContextChoice): ClusterAccess {
  const name = choice.context === "" ? pluckString(config, "current-context") : choice.context;
  const context = entry(config, "contexts", name, "context");
  if (context === undefined) throw new Error(`the kubeconfig has no context "${name}"`);
  const cluster = activeCluster(config, choice);
  const server = pluckString(cluster, "server");
  if (server === "")
    throw new Error(`the kubeconfig's context "${name}" has no cluster with a server`);
  const user = entry(config, "users", pluckString(context, "user"), "user") ?? {};
  const pem = (from: KubeValue | undefined, key: string): string | undefined => {
    const data = pluckString(from, `${key}-data`);
    if (data !== "") return Buffer.from(data, "base64").toString("utf8");
    const file = pluckString(from, key);
    if (file === "") return undefined;
    return readFileSync(isAbsolute(file) ? file : join(folder, file), "utf8");
  };
  return compact({
    server: server.replace(/\/$/, ""),
    namespace: pluckString(context, "namespace"),
    certificateAuthority: pem(cluster, "certificate-authority"),
    insecureSkipTlsVerify: pluck(cluster, "insecure-skip-tls-verify") === true,
    tlsServerName: pluckString(cluster, "tls-server-name"),
    proxyUrl: pluckString(cluster, "proxy-url"),
    clientCertificate: pem(user, "client-certificate"),
    clientKey: pem(user, "client-key"),
    token: pluckString(user, "token"),
    tokenFile: pluckString(user, "tokenFile"),
    username: pluckString(user, "username"),
    password: pluckString(user, "password"),
    exec: execOf(user),
  });
}

function execOf(user: KubeObject): ExecCredential | undefined {
  const exec = pluck(user, "exec");
  if (!isMap(exec)) return undefined;
  const args = pluck(exec, "args");
  const env: Record<string, string> = {};
  for (const item of pluckMaps(exec, "env")) {
    env[pluckString(item, "name")] = pluckString(item, "value");
  }
  return {
    command: pluckString(exec, "command"),
    args: Array.isArray(args) ? args.map(String) : [],
    env,
    apiVersion: pluckString(exec, "apiVersion"),
  };
}

function entry(
  config: KubeObject,
  list: string,
  name: string,
  key: string,
): KubeObject | undefined {
  const found = pluckMaps(config, list).find((item) => item.name === name);
  const value = pluck(found, key);
  return isMap(value) ? value : undefined;
}

type Loose = { [K in keyof ClusterAccess]: ClusterAccess[K] | undefined };

/** Leaves out what is not given. */
function compact(access: Loose): ClusterAccess {
  const given = Object.entries(access).filter(([, value]) => value !== undefined && value !== "");
  return { namespace: "", ...Object.fromEntries(given) } as ClusterAccess;
}
