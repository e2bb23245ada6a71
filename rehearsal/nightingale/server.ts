import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { Access } from "./access";
import { calls } from "./api";
import { datasourceReply } from "./datasources";
import { Refusal, spoken } from "./refusal";
import type { Body } from "./rules";
import type { Store } from "./store";

const prefix = "/api/n9e";

/** Answers as Nightingale does to what deliveries ask of it, with its state and its quirks. */
export function nightingaleServer(store: Store): Server {
  const access = new Access(store);
  const known = calls(store, access);
  const answer = async (incoming: IncomingMessage): Promise<unknown> => {
    const url = new URL(incoming.url ?? "/", "http://nightingale");
    const body = parsed(await text(incoming));
    const path = url.pathname.slice(prefix.length);
    const called = `${incoming.method} ${path}`;
    if (called === "POST /auth/login") return { dat: access.logIn((body ?? {}) as Body) };
    const { authorization, "x-user-token": token } = incoming.headers;
    const user = access.user(authorization, token === undefined ? undefined : String(token));
    if (incoming.method === "POST" && /^\/datasource\/(list|upsert)$/.test(path)) {
      return datasourceReply(store, path, (body ?? {}) as Body);
    }
    for (const [pattern, run] of known) {
      const match = pattern.exec(called);
      if (match === null) continue;
      const call = { method: incoming.method ?? "", path, query: url.searchParams, body, user };
      const dat = await run(call, ...match.slice(1));
      store.save();
      return dat === undefined ? {} : { dat };
    }
    throw new Refusal(404, "");
  };
  return createServer((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? "/", "http://nightingale");
    if (pathname === "/ping") return void plain(outgoing, 200, "pong");
    // Its pages, for every path that is no call.
    if (!pathname.startsWith(`${prefix}/`)) return void plain(outgoing, 200, "<html></html>");
    answer(incoming)
      .then((reply) => json(outgoing, { err: "", ...(reply as object) }))
      .catch((error: unknown) => refuse(incoming, outgoing, error));
  });
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, error: unknown): void {
  if (!(error instanceof Refusal)) {
    plain(outgoing, 500, String(error));
    return;
  }
  const words = spoken(error.message, String(incoming.headers["x-language"] ?? ""));
  if (error.status === 200) json(outgoing, { err: words });
  else plain(outgoing, error.status, words);
}

function json(outgoing: ServerResponse, body: object): void {
  const reply = "error" in body ? { ...body, err: undefined } : body;
  outgoing.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  outgoing.end(JSON.stringify(reply));
}

function plain(outgoing: ServerResponse, status: number, words: string): void {
  outgoing.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  outgoing.end(words);
}

function parsed(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, "json body invalid");
  }
}
