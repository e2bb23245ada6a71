import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import type { ClusterAccess } from "./kubeconfig";
import { openTunnel } from "./tunnel";

/** One HTTP request to the API server. */
export interface RawRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/** Most connections held to the API server at once, watches not counted. */
const MOST_CONNECTIONS = 64;

/** Connections to one API server: kept open and used again, through its proxy if it has one. */
export class Connection {
  readonly server: string;
  readonly #access: ClusterAccess;
  readonly #url: URL;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #watchAgent: HttpAgent | HttpsAgent;
  #execToken: { token: string; expiresAt: number } | undefined;

  constructor(access: ClusterAccess) {
    this.#access = access;
    this.server = access.server;
    this.#url = new URL(access.server.includes("://") ? access.server : `https://${access.server}`);
    this.#agent = agentFor(access, this.#url, MOST_CONNECTIONS);
    this.#watchAgent = agentFor(access, this.#url, Number.POSITIVE_INFINITY);
  }

  /** Sends a request and gives the answer once its headers are there. */
  async send(request: RawRequest, kind: "call" | "watch" = "call"): Promise<IncomingMessage> {
    const authorization = await this.#authorization();
    const options: RequestOptions = {
      agent: kind === "watch" ? this.#watchAgent : this.#agent,
      method: request.method,
      host: this.#url.hostname.replace(/^\[|\]$/g, ""),
      port: this.#url.port || (this.#url.protocol === "http:" ? 80 : 443),
      path: `${this.#url.pathname.replace(/\/$/, "")}${request.path}`,
      headers: { ...request.headers, ...authorization },
      signal: request.signal,
    };
    return await new Promise((resolve, reject) => {
      const outgoing =
        this.#url.protocol === "http:" ? httpRequest(options) : httpsRequest(options);
      outgoing.on("response", resolve);
      outgoing.on("error", reject);
      outgoing.end(request.body);
    });
  }

  /** Hangs up. */
  close(): void {
    this.#agent.destroy();
    this.#watchAgent.destroy();
  }

  async #authorization(): Promise<Record<string, string>> {
    const { token, tokenFile, username, password, exec } = this.#access;
    if (tokenFile !== undefined) return bearer((await readFile(tokenFile, "utf8")).trim());
    if (token !== undefined) return bearer(token);
    if (username !== undefined) {
      const pair = Buffer.from(`${username}:${password ?? ""}`).toString("base64");
      return { authorization: `Basic ${pair}` };
    }
    return exec === undefined ? {} : bearer(await this.#tokenFromProgram(exec));
  }

  async #tokenFromProgram(exec: NonNullable<ClusterAccess["exec"]>): Promise<string> {
    if (this.#execToken !== undefined && this.#execToken.expiresAt > Date.now())
      return this.#execToken.token;
    const info = {
      kind: "ExecCredential",
      apiVersion: exec.apiVersion,
      spec: { interactive: false },
    };
    const env = { ...process.env, ...exec.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
    const { stdout } = await promisify(execFile)(exec.command, exec.args, { env, timeout: 60_000 });
    const status = (
      JSON.parse(stdout) as { status?: { token?: string; expirationTimestamp?: string } }
    ).status;
    if (status?.token === undefined)
      throw new Error(`"${exec.command}" of the kubeconfig printed no token`);
    const expiry =
      status.expirationTimestamp === undefined
        ? Number.POSITIVE_INFINITY
        : Date.parse(status.expirationTimestamp);
    this.#execToken = { token: status.token, expiresAt: expiry - 30_000 };
    return status.token;
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function agentFor(access: ClusterAccess, url: URL, maxSockets: number): HttpAgent | HttpsAgent {
  const pool = {
    keepAlive: true,
    maxSockets,
    maxFreeSockets: MOST_CONNECTIONS,
    scheduling: "lifo" as const,
  };
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const tls: ConnectionOptions = {
    ...(access.certificateAuthority === undefined ? {} : { ca: access.certificateAuthority }),
    ...(access.clientCertificate === undefined ? {} : { cert: access.clientCertificate }),
    ...(access.clientKey === undefined ? {} : { key: access.clientKey }),
    ...(/^[\d.]+$|:/.test(access.tlsServerName ?? host)
      ? {}
      : { servername: access.tlsServerName ?? host }),
    rejectUnauthorized: !access.insecureSkipTlsVerify,
  };
  const isPlain = url.protocol === "http:";
  const agent = isPlain ? new HttpAgent(pool) : new HttpsAgent({ ...pool, ...tls });
  if (access.proxyUrl !== undefined)
    tunnelThrough(agent, access.proxyUrl, isPlain ? undefined : { ...tls, host });
  return agent;
}

/** Makes an agent open its connections through the kubeconfig's proxy. */
function tunnelThrough(
  agent: HttpAgent,
  proxyUrl: string,
  tls: ConnectionOptions | undefined,
): void {
  const proxy = new URL(proxyUrl);
  const open = async (target: { host: string; port: number }): Promise<Duplex> => {
    const socket = await openTunnel(proxy, target, tls ?? {});
    if (tls === undefined) return socket;
    return connectTls({ ...tls, socket });
  };
  type Opened = (error: Error | null, socket?: Duplex) => void;
  Object.assign(agent, {
    createConnection: (options: { host?: string; port?: number | string }, opened: Opened) => {
      open({ host: options.host ?? "", port: Number(options.port) }).then(
        (socket) => opened(null, socket),
        (error: Error) => opened(error),
      );
      return undefined;
    },
  });
}
