import type { Readable, Writable } from "node:stream";
import type { KubeConfig } from "@kubernetes/client-node";
import type { ApiAccess } from "./api-client";

/** The part of a WebSocket to the API server that is used here. */
export interface Channel {
  readonly protocol: string;
  readonly bufferedAmount: number;
  on(event: "close" | "error", listener: (code?: unknown) => void): unknown;
  close(): void;
  /** Holds back what comes, until `resume`. */
  pause(): void;
  resume(): void;
}

/** Bytes that may wait to be sent before input is held back. */
const mostWaiting = 1024 * 1024;

/**
 * What the client library asks of a kubeconfig for its WebSockets: here the connection is open already, whatever it
 * leads through.
 */
export function configThrough(
  access: ApiAccess,
  socket: Writable,
  greetingSeconds: number,
): KubeConfig {
  const config = {
    getCurrentCluster: () => ({ server: `https://${access.serverName}` }),
    applyToHTTPSOptions: async (options: object) => {
      Object.assign(options, {
        createConnection: () => socket,
        handshakeTimeout: greetingSeconds * 1000,
        headers: { ...(access.authorization && { authorization: access.authorization }) },
      });
    },
  };
  return config as unknown as KubeConfig;
}

/** Lets input flow no faster than the channel takes it. To be called once per channel. */
export function heldBack(input: Readable, channel: Channel): void {
  const goOn = () => {
    if (channel.bufferedAmount < mostWaiting) input.resume();
    else setTimeout(goOn, 20).unref();
  };
  input.on("data", () => {
    if (channel.bufferedAmount < mostWaiting) return;
    input.pause();
    goOn();
  });
}

/** The client library hands out events in place of errors. */
export function messageOf(error: unknown): string {
  const text = error instanceof Object && "message" in error ? String(error.message) : "";
  return text || String(error);
}
