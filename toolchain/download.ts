import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { type IncomingMessage, Agent as PlainAgent, get as plainGet } from "node:http";
import { get as secureGet, Agent as TlsAgent } from "node:https";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Hosts that did not answer in this run, with the reason: nobody waits for the same silence twice. */
export type UnreachableHosts = Map<string, string>;

export interface DownloadOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly unreachable: UnreachableHosts;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: (receivedBytes: number, totalBytes: number | undefined) => void;
  /** From the request to the first answer. Default 5. */
  readonly answerSeconds?: number;
  /** Without a byte. Default 30. */
  readonly stallSeconds?: number;
}

const mostRedirects = 5;

/** Node reads the proxy variables when told to; its types do not know of it yet. */
function agentFor(url: URL, environment: NodeJS.ProcessEnv) {
  const options = { proxyEnv: environment } as object;
  return url.protocol === "https:" ? new TlsAgent(options) : new PlainAgent(options);
}

function request(url: URL, options: DownloadOptions): Promise<IncomingMessage> {
  const seconds = options.answerSeconds ?? 5;
  return new Promise((answer, failed) => {
    const get = url.protocol === "https:" ? secureGet : plainGet;
    const call = get(url, {
      agent: agentFor(url, options.environment),
      headers: { "user-agent": "sitewright" },
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const silence = setTimeout(
      () => call.destroy(new Error(`no answer within ${seconds} s`)),
      seconds * 1000,
    );
    call.once("response", (response) => {
      clearTimeout(silence);
      answer(response);
    });
    call.once("error", (error) => {
      clearTimeout(silence);
      failed(error);
    });
  });
}

/** Follows redirects to the answer that carries the file. Throws with the reason in a few words. */
export async function openUrl(start: string, options: DownloadOptions): Promise<IncomingMessage> {
  let url = new URL(start);
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const known = options.unreachable.get(url.host);
    if (known) throw new Error(`${url.host} cannot be reached: ${known}`);
    let response: IncomingMessage;
    try {
      response = await request(url, options);
    } catch (error) {
      const why = (error as Error).message || String((error as NodeJS.ErrnoException).code);
      if (!options.signal?.aborted) options.unreachable.set(url.host, why);
      throw new Error(`${url.host} cannot be reached: ${why}`);
    }
    const status = response.statusCode ?? 0;
    if (status === 200) return response;
    response.destroy();
    const next = response.headers.location;
    if (status < 300 || status > 399 || !next) throw new Error(`${url.host} answered ${status}`);
    url = new URL(next, url);
  }
  throw new Error(`${start} redirects more than ${mostRedirects} times`);
}

/** Downloads into `file` and returns the SHA-256 of what came. Throws with the reason in a few words. */
export async function download(
  url: string,
  file: string,
  options: DownloadOptions,
): Promise<string> {
  const response = await openUrl(url, options);
  const length = Number(response.headers["content-length"]);
  const total = Number.isFinite(length) ? length : undefined;
  const stallSeconds = options.stallSeconds ?? 30;
  response.setTimeout(stallSeconds * 1000, () =>
    response.destroy(new Error(`no data for ${stallSeconds} s`)),
  );
  const hash = createHash("sha256");
  let received = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      received += chunk.length;
      options.onBytes?.(received, total);
      done(null, chunk);
    },
  });
  await pipeline(response, counted, createWriteStream(file));
  if (total !== undefined && received !== total) {
    throw new Error(`the download broke off at ${received} of ${total} bytes`);
  }
  return hash.digest("hex");
}
