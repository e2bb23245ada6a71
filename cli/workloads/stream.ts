import { request } from "node:http";
import { type ApiAccess, type ApiAnswer, secureConnection } from "../step/api-client";

/** Bound for the API server, and the node behind it, to begin to answer. */
const firstWordSeconds = 30;

/** Longest answer that is kept where it is a complaint. */
const mostComplaint = 10_000;

/**
 * Asks for something that may go on for ever, and hands out its bytes as they come. An answer other than 200 is
 * returned with its text instead.
 */
export async function streamAnswer(
  access: ApiAccess,
  path: string,
  onBytes: (chunk: Buffer) => void,
): Promise<ApiAnswer> {
  const socket = await secureConnection(access, firstWordSeconds);
  const headers = {
    host: access.serverName,
    connection: "close",
    ...(access.authorization && { authorization: access.authorization }),
  };
  try {
    return await new Promise((resolve, reject) => {
      const asked = request({ path, headers, createConnection: () => socket }, (response) => {
        clearTimeout(patience);
        const status = response.statusCode ?? 0;
        let body = "";
        response.on("data", (chunk: Buffer) => {
          if (status === 200) onBytes(chunk);
          else if (body.length < mostComplaint) body += chunk.toString("utf8");
        });
        response.on("error", reject);
        response.on("end", () => resolve({ status, body }));
      });
      const patience = setTimeout(
        () => asked.destroy(new Error(`no answer in ${firstWordSeconds} s`)),
        firstWordSeconds * 1000,
      );
      asked.on("error", (error) => {
        clearTimeout(patience);
        reject(error);
      });
      asked.end();
    });
  } finally {
    socket.destroy();
  }
}
