import { readFileSync } from "node:fs";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { Agent, request } from "node:https";
import { join } from "node:path";
import type { ClusterPlan } from "./plan";

/** One answer of a registry, read to its end. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Speaks the registry's HTTP API with the login and trust that the config gives it. */
export class RegistryClient {
  readonly host: string;
  private readonly agent: Agent | undefined;
  private readonly authorization: string | undefined;

  /** @throws never: bad trust shows when something is asked. */
  constructor(plan: ClusterPlan) {
    this.host = plan.registry.host;
    const auth = plan.registry.auths[this.host];
    if (auth?.username !== undefined) {
      this.authorization = `Basic ${Buffer.from(`${auth.username}:${auth.password ?? ""}`).toString("base64")}`;
    }
    const folder = auth?.certsPath ?? join("/etc/docker/certs.d", this.host);
    const ca = optionalFile(auth?.caFile ?? join(folder, "ca.crt"));
    this.agent = auth?.plainHttp
      ? undefined
      : new Agent({
          keepAlive: true,
          maxSockets: 4,
          rejectUnauthorized: auth?.skipTlsVerify !== true,
          ...(ca === undefined ? {} : { ca }),
        });
  }

  close(): void {
    this.agent?.destroy();
  }

  /** Sends one request; `path` starts with /v2/ or is what a Location header said. */
  send(
    method: string,
    path: string,
    body?: Buffer | string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RegistryAnswer> {
    const scheme = this.agent === undefined ? "http" : "https";
    const url = path.startsWith("http") ? path : `${scheme}://${this.host}${path}`;
    const options = {
      method,
      timeout: 60_000,
      ...(this.agent === undefined ? {} : { agent: this.agent }),
      headers: {
        ...headers,
        ...(this.authorization === undefined ? {} : { authorization: this.authorization }),
        ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
      },
    };
    return new Promise((resolve, reject) => {
      const take = (incoming: IncomingMessage) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      };
      const outgoing =
        scheme === "http" ? plainRequest(url, options, take) : request(url, options, take);
      outgoing.on("timeout", () => outgoing.destroy(new Error("i/o timeout")));
      outgoing.on("error", (error) =>
        reject(
          new Error(`pinging container registry ${this.host}: Get "${url}": ${trustText(error)}`),
        ),
      );
      outgoing.end(body);
    });
  }
}

function trustText(error: Error & { code?: string }): string {
  if (error.code === "ECONNREFUSED")
    return `dial tcp: connect: connection refused (${error.message})`;
  if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN")
    return `dial tcp: ${error.message}: no such host`;
  if (/certificate|UNABLE_TO_VERIFY/i.test(`${error.code} ${error.message}`)) {
    return `x509: certificate signed by unknown authority (${error.message})`;
  }
  return error.message;
}

function optionalFile(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
