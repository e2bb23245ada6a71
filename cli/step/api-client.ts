import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { connect as tlsConnect } from "node:tls";

/** How to speak to an API server: where, and as whom. */
export interface ApiAccess {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Name that the server's certificate must carry. */
  readonly serverName: string;
  /** Opens a raw connection to the server. */
  readonly dial: () => Promise<Duplex>;
}

/** Asks the API server for a path; returns status and body. Throws when TLS or the connection fails. */
export async function apiGet(
  access: ApiAccess,
  path: string,
  timeoutSeconds: number,
): Promise<{ readonly status: number; readonly body: string }> {
  const raw = await access.dial();
  const socket = tlsConnect({
    socket: raw,
    ca: access.ca,
    cert: access.cert,
    key: access.key,
    servername: access.serverName,
    timeout: timeoutSeconds * 1000,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve);
      socket.once("error", reject);
      socket.once("timeout", () => reject(new Error("no answer to the TLS greeting")));
      raw.once("close", () => reject(new Error("the connection was closed")));
    });
    return await new Promise((resolve, reject) => {
      const asked = request(
        {
          path,
          headers: { host: access.serverName, accept: "application/json", connection: "close" },
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
      asked.end();
    });
  } finally {
    socket.destroy();
    raw.destroy();
  }
}
