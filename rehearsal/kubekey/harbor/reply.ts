import type { ServerResponse } from "node:http";

/** Answers with a text, or with an object as JSON. */
export function reply(outgoing: ServerResponse, status: number, body: unknown): void {
  const plain = typeof body === "string";
  outgoing.writeHead(status, { "content-type": plain ? "text/plain" : "application/json" });
  outgoing.end(plain ? body : JSON.stringify(body));
}

/** Answers with an error in Harbor's words. */
export function refuse(
  outgoing: ServerResponse,
  status: number,
  code: string,
  message: string,
): void {
  reply(outgoing, status, { errors: [{ code, message }] });
}
