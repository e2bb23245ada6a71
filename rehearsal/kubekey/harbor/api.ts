import type { IncomingMessage, ServerResponse } from "node:http";
import type { Projects } from "./projects";
import { refuse, reply } from "./reply";

/** Answers what is asked below /api/v2.0; all but two questions are the administrator's. */
export async function answerApi(
  projects: Projects,
  user: string | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: URL,
): Promise<void> {
  const what = `${incoming.method} ${url.pathname.slice("/api/v2.0".length)}`;
  if (what === "GET /ping") return reply(outgoing, 200, "Pong");
  if (what === "GET /health") return reply(outgoing, 200, { status: "healthy" });
  if (user !== "admin") return refuse(outgoing, 401, "UNAUTHORIZED", "unauthorized");
  switch (what) {
    case "HEAD /projects": {
      const name = url.searchParams.get("project_name") ?? "";
      return reply(outgoing, projects.has(name) ? 200 : 404, "");
    }
    case "GET /projects": {
      const wanted = url.searchParams.get("name") ?? "";
      const found = projects.list().filter((name) => name.includes(wanted));
      return reply(
        outgoing,
        200,
        found.map((name) => ({ name })),
      );
    }
    case "POST /projects":
      return make(projects, await projectName(incoming), outgoing);
    default:
      return refuse(outgoing, 404, "NOT_FOUND", `the rehearsal's Harbor has no ${what}`);
  }
}

function make(projects: Projects, name: unknown, outgoing: ServerResponse): void {
  const status = projects.make(name);
  if (status === 201) reply(outgoing, 201, "");
  else if (status === 409) refuse(outgoing, 409, "CONFLICT", `The project named ${name} exists`);
  else refuse(outgoing, 400, "BAD_REQUEST", "the project's name is not valid");
}

async function projectName(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  try {
    return (JSON.parse(Buffer.concat(chunks).toString("utf8")) as { project_name?: unknown })
      ?.project_name;
  } catch {
    return undefined;
  }
}
