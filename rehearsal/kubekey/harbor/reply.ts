import type { ServerResponse } from "node:http";

/** What is answered, instead of what was asked for. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
    this.code = codes[status] ?? "UNKNOWN";
  }
}

/** Harbor's words for its statuses. */
const codes: Readonly<Record<number, string>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  412: "PRECONDITION",
  502: "BAD_GATEWAY",
};

/** Answers with a text, or with an object as JSON. */
export function reply(
  outgoing: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const plain = typeof body === "string";
  outgoing.writeHead(status, {
    "content-type": plain ? "text/plain" : "application/json",
    ...headers,
  });
  outgoing.end(plain ? body : JSON.stringify(body));
}

/** Answers with an error in Harbor's words. */
export function refuse(
  outgoing: ServerResponse,
  status: number,
  message: string,
  code = codes[status] ?? "UNKNOWN",
  headers: Readonly<Record<string, string>> = {},
): void {
  reply(outgoing, status, { errors: [{ code, message }] }, headers);
}
