import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "ssh2";
import type { EngineLog } from "../protocol/engine-log";
import { ProviderFailure } from "../protocol/failure";
import type { Connection } from "./connection";
import { connect, type Login, loginFor } from "./ssh-client";

const firstDelayMilliseconds = 100;
const delayGrowth = 1.5;
const longestDelayMilliseconds = 5_000;

/** An open connection, and how to hang up. */
export interface Dialled {
  readonly client: Client;
  /** Closes the connection and the one to the bastion. */
  hangUp(): void;
}

/** Connects, through the bastion if there is one, trying again as often as the connection allows. */
export async function dial(
  connection: Connection,
  log: EngineLog,
  signal: AbortSignal,
): Promise<Dialled> {
  const login = loginFor(connection);
  const tries = { limit: connection.dialErrorLimit, log, signal };
  if (connection.proxy === undefined) {
    const client = await dialWithRetry("Dial", tries, () => connect(login, undefined, signal));
    return { client, hangUp: () => client.end() };
  }
  try {
    return await dialThrough(loginFor(connection.proxy), login, tries);
  } catch (error) {
    throw new ProviderFailure(`proxy: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Tries {
  /** Failed attempts to put up with; -1 for any number. */
  readonly limit: number;
  readonly log: EngineLog;
  readonly signal: AbortSignal;
}

async function dialThrough(proxyLogin: Login, login: Login, tries: Tries): Promise<Dialled> {
  const { signal } = tries;
  const proxyTries = { ...tries, limit: proxyLogin.endpoint.dialErrorLimit };
  const proxy = await dialWithRetry("Dial proxy", proxyTries, () =>
    connect(proxyLogin, undefined, signal),
  );
  try {
    // A stream is fit for one handshake only, so each attempt asks the bastion for a new one; the
    // first is asked for on its own because reaching the host is a fault of another kind.
    let stream: Duplex | undefined = await dialWithRetry("Dial from proxy", tries, () =>
      forward(proxy, login),
    );
    const client = await dialWithRetry("Dial", tries, async () => {
      const through: Duplex = stream ?? (await forward(proxy, login));
      stream = undefined;
      return await connect(login, through, signal);
    });
    client.once("close", () => proxy.end());
    return { client, hangUp: () => client.end() };
  } catch (error) {
    proxy.end();
    throw error;
  }
}

async function forward(proxy: Client, { endpoint }: Login): Promise<Duplex> {
  return await new Promise((resolve, reject) => {
    proxy.forwardOut("127.0.0.1", 0, endpoint.host, endpoint.port, (error, stream) =>
      error
        ? reject(new Error(`ssh: rejected: connect failed (${error.message})`))
        : resolve(stream),
    );
  });
}

/** Tries until it works, the limit of failed attempts is passed, or the signal is aborted. */
export async function dialWithRetry<Result>(
  what: string,
  { limit, log, signal }: Tries,
  attempt: () => Promise<Result>,
): Promise<Result> {
  let wait = firstDelayMilliseconds;
  for (let failed = 0; ; failed += 1) {
    if (signal.aborted) throw new ProviderFailure(abortWords(signal));
    try {
      return await orAborted(attempt(), signal);
    } catch (error) {
      if (signal.aborted) throw new ProviderFailure(abortWords(signal));
      const reason = error instanceof Error ? error.message : String(error);
      if (limit > -1 && failed + 1 > limit) {
        throw new ProviderFailure(`after ${failed} failed attempts: ${reason}`);
      }
      log.status(`${what} ${failed + 1}/${limit === -1 ? "inf" : limit} failed: retrying`);
    }
    await delay(wait, undefined, { signal }).catch(() => {});
    wait = Math.min(wait * delayGrowth, longestDelayMilliseconds);
  }
}

async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let stop: () => void = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Error(abortWords(signal)));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Why an operation was stopped, in the real provider's words. */
export function abortWords(signal: AbortSignal): string {
  return signal.reason instanceof DOMException && signal.reason.name === "TimeoutError"
    ? "context deadline exceeded"
    : "context canceled";
}
