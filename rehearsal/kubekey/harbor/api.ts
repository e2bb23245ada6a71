import type { IncomingMessage, ServerResponse } from "node:http";
import type { Caller } from "./access";
import type { Route } from "./api-call";
import { projectRoutes } from "./api-projects";
import { replicationRoutes } from "./api-replication";
import { robotRoutes } from "./api-robots";
import { ruleRoutes } from "./api-rules";
import { scheduleRoutes } from "./api-schedules";
import { userRoutes } from "./api-users";
import { Refusal, refuse, reply } from "./reply";
import type { PlainObject, Store } from "./store";

const routes: readonly Route[] = [
  ...userRoutes,
  ...projectRoutes,
  ...ruleRoutes,
  ...robotRoutes,
  ...scheduleRoutes,
  ...replicationRoutes,
];

/** Answers what is asked below /api/v2.0; all but a few questions are the administrator's. */
export async function answerApi(
  store: Store,
  caller: Caller,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: URL,
): Promise<void> {
  const path = url.pathname.slice("/api/v2.0".length);
  const what = `${incoming.method} ${path}`;
  if (what === "GET /ping") return reply(outgoing, 200, "Pong");
  if (what === "GET /health") {
    const components = ["core", "database", "jobservice", "portal", "redis", "registry"];
    return reply(outgoing, 200, {
      status: "healthy",
      components: components.map((name) => ({ name, status: "healthy" })),
    });
  }
  if (caller.kind === "nobody" || caller.kind === "wrong") {
    return refuse(outgoing, 401, "unauthorized");
  }
  if (caller.kind !== "admin") return refuse(outgoing, 403, "forbidden");
  for (const [method, pattern, answer] of routes) {
    const match = method === incoming.method ? pattern.exec(path) : null;
    if (match === null) continue;
    try {
      const body = await bodyOf(incoming);
      const part = (at: number) => decodeURIComponent(match[at] ?? "");
      const call = { store, part, query: url.searchParams, headers: incoming.headers, body };
      const { status, body: said = "", headers = {} } = await answer(call);
      return reply(outgoing, status, said, headers);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refuse(outgoing, error.status, error.message);
    }
  }
  return refuse(outgoing, 404, `the rehearsal's Harbor has no ${what}`);
}

async function bodyOf(incoming: IncomingMessage): Promise<PlainObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  if (text === "") return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) return body as PlainObject;
  } catch {
    // Refused below.
  }
  throw new Refusal(400, "parsing body failed");
}
