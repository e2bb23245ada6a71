import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { type TLSSocket, connect as tlsConnect } from "node:tls";

/** How to speak to an HTTPS server that no name on this machine leads to: where, and as whom. */
export interface ApiAccess {
  readonly ca: Buffer;
  /** Client certificate and key, where the server knows its users by them. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** Name that the server's certificate must carry. */
  readonly serverName: string;
  /** `authorization` header, where the server knows its users by that. */
  readonly authorization?: string;
  /** Opens a raw connection to the server. */
  readonly dial: () => Promise<Duplex>;
}

export interface ApiQuestion {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** What kind of JSON it is. Default: `application/json`. */
  readonly contentType?: string;
  /** What kinds of answer are understood. Default: `application/json`. */
  readonly accept?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** Asks a server one thing on a connection of its own. Throws when TLS or the connection fails. */
export async function ask(
  access: ApiAccess,
  question: ApiQuestion,
  timeoutSeconds: number,
): Promise<ApiAnswer> {
  const socket = await secureConnection(access, timeoutSeconds);
  try {
    return await exchange(access, question, socket, timeoutSeconds);
  } finally {
    socket.destroy();
  }
}

/**
 * Opens a connection to a server that has proved itself: its certificate is of the given authority and carries the name.
 * Destroying it closes what it was dialled over, too.
 */
export async function secureConnection(
  access: ApiAccess,
  timeoutSeconds: number,
): Promise<TLSSocket> {
  const raw = await access.dial();
  const socket = tlsConnect({
    socket: raw,
    ca: access.ca,
    ...(access.cert && { cert: access.cert }),
    ...(access.key && { key: access.key }),
    servername: access.serverName,
    timeout: timeoutSeconds * 1000,
  });
  socket.once("close", () => raw.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve);
      socket.once("error", reject);
      socket.once("timeout", () => reject(new Error("no answer to the TLS greeting")));
      raw.once("close", () => reject(new Error("the connection was closed")));
    });
    return socket;
  } catch (error) {
    socket.destroy();
    raw.destroy();
    throw error;
  }
}

const json = "application/json";

function exchange(
  access: ApiAccess,
  { method, path, body, contentType = json, accept = json }: ApiQuestion,
  socket: Duplex,
  timeoutSeconds: number,
): Promise<ApiAnswer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        method,
        path,
        headers: {
          host: access.serverName,
          accept,
          connection: "close",
          ...(access.authorization && { authorization: access.authorization }),
          ...(text !== undefined && {
            "content-type": contentType,
            "content-length": Buffer.byteLength(text),
          }),
        },
        createConnection: () => socket,
        timeout: timeoutSeconds * 1000,
      },
      (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    asked.on("error", reject);
    asked.on("timeout", () => asked.destroy(new Error(`no answer in ${timeoutSeconds} s`)));
    asked.end(text);
  });
}
