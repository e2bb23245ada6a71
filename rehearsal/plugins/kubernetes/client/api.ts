import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { isMap, type KubeObject } from "../objects/kube-object";
import { ApiError, retryAfterSeconds, Unreachable } from "./api-error";
import { Connection } from "./connection";
import type { ClusterAccess } from "./kubeconfig";
import { Rate } from "./rate";

/** How much is asked of the API server. */
export interface ClientSettings {
  /** Calls a second. Default 50. */
  qps: number;
  /** Calls at once after a pause. Default 120. */
  burst: number;
  /** Longest wait for one answer; default 60. */
  timeoutSeconds: number;
}

/** One call of the API; its answer is an object. */
export interface ApiCall {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** Default application/json. */
  contentType?: string;
  accept?: string;
  /** True when sending it twice is the same as sending it once. Default: all but POST. */
  repeatable?: boolean;
  signal: AbortSignal;
}

/** Times a call is tried before giving up: about six seconds of waiting altogether. */
const MOST_TRIES = 6;
const FIRST_PAUSE_MILLISECONDS = 200;

/** The API server: calls with bounded retries, at no more than the rate the settings allow. */
export class Api {
  readonly #connection: Connection;
  readonly #rate: Rate;
  readonly #timeoutSeconds: number;

  constructor(access: ClusterAccess, settings: ClientSettings) {
    this.#connection = new Connection(access);
    this.#rate = new Rate(settings.qps, settings.burst);
    this.#timeoutSeconds = settings.timeoutSeconds;
  }

  get server(): string {
    return this.#connection.server;
  }

  /** Calls, and again when the server is too busy or briefly gone. Errors are ApiError or Unreachable. */
  async call(call: ApiCall): Promise<KubeObject> {
    for (let attempt = 1; ; attempt++) {
      await this.#rate.take(call.signal);
      try {
        return await this.#once(call);
      } catch (error) {
        call.signal.throwIfAborted();
        const pause = attempt < MOST_TRIES ? pauseBefore(error, call, attempt) : undefined;
        if (pause === undefined) {
          if (error instanceof ApiError) throw error;
          throw new Unreachable(
            this.server,
            error instanceof Error ? error.message : String(error),
          );
        }
        await sleep(pause, undefined, { signal: call.signal });
      }
    }
  }

  /** Opens a watch; the answer is a stream of lines, one JSON event each. */
  async watch(
    path: string,
    query: Record<string, string>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const headers = { accept: "application/json", "user-agent": USER_AGENT };
    const search = new URLSearchParams({ ...query, watch: "true" }).toString();
    const answer = await this.#connection.send(
      { method: "GET", path: `${path}?${search}`, headers, signal },
      "watch",
    );
    if (answer.statusCode === 200) return answer;
    throw errorFrom(answer.statusCode ?? 0, await textOf(answer));
  }

  /** Hangs up. */
  close(): void {
    this.#connection.close();
  }

  async #once(call: ApiCall): Promise<KubeObject> {
    const search = new URLSearchParams(call.query).toString();
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const answer = await this.#connection.send({
      method: call.method,
      path: search === "" ? call.path : `${call.path}?${search}`,
      headers: {
        accept: call.accept ?? "application/json",
        "user-agent": USER_AGENT,
        ...(body === undefined
          ? {}
          : {
              "content-type": call.contentType ?? "application/json",
              "content-length": String(Buffer.byteLength(body)),
            }),
      },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(this.#timeoutSeconds * 1000)]),
    });
    const text = await textOf(answer);
    const status = answer.statusCode ?? 0;
    if (status < 200 || status > 299) throw errorFrom(status, text);
    const value: unknown = text === "" ? {} : JSON.parse(text);
    return isMap(value) ? value : {};
  }
}

const USER_AGENT = "sitewright-rehearsal/kubernetes";

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function errorFrom(status: number, text: string): ApiError {
  try {
    const value: unknown = JSON.parse(text);
    return new ApiError(status, isMap(value) ? value : {});
  } catch {
    return new ApiError(status, { message: text.slice(0, 500) });
  }
}

/** Milliseconds to wait before trying again; undefined when that would not help or do harm. */
function pauseBefore(error: unknown, call: ApiCall, attempt: number): number | undefined {
  const backoff = FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
  const repeatable = call.repeatable ?? call.method !== "POST";
  if (error instanceof ApiError) {
    const wait = Math.max(backoff, retryAfterSeconds(error) * 1000);
    // The server says that it did nothing, so even making an object can be tried again.
    if (error.httpStatus === 429) return wait;
    return repeatable && error.httpStatus >= 500 ? wait : undefined;
  }
  const code = (error as { code?: string }).code;
  if (code === "ECONNREFUSED") return backoff;
  return repeatable && code !== "ERR_TLS_CERT_ALTNAME_INVALID" && !isCertificateFault(code)
    ? backoff
    : undefined;
}

/** Faults of certificates do not pass by waiting. */
function isCertificateFault(code: string | undefined): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_OSSL|ENOTFOUND|ERR_TLS/.test(code ?? "");
}
