import { readFileSync } from "node:fs";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { answerApi } from "./api";
import { changes, type Projects, projectOf } from "./projects";
import { refuse } from "./reply";

/** How a Harbor stand-in is set up. */
export interface HarborOptions {
  /** Files of the server's certificate and key. */
  readonly certificate: string;
  readonly key: string;
  /** Port of the real registry on this host's loopback; it checks logins of image requests itself. */
  readonly registryPort: number;
  /** Password of the administrator, and of every other login that the registry knows. */
  readonly password: string;
  readonly projects: Projects;
}

/**
 * A front over a real registry that answers the part of Harbor's API that deliveries use: ping, projects, and the
 * refusal of a push into a project that is not there.
 */
export function harborServer(options: HarborOptions): Server {
  const tls = { cert: readFileSync(options.certificate), key: readFileSync(options.key) };
  return createServer(tls, (incoming, outgoing) => {
    const url = new URL(incoming.url ?? "/", "https://harbor");
    const user = userOf(options.password, incoming);
    if (url.pathname.startsWith("/api/v2.0/")) {
      answerApi(options.projects, user, incoming, outgoing, url).catch((error: unknown) =>
        refuse(outgoing, 500, "UNKNOWN", String(error)),
      );
      return;
    }
    const project = projectOf(url.pathname);
    const pushes = changes(incoming.method ?? "GET");
    if (pushes && user !== undefined && project !== undefined && !options.projects.has(project)) {
      incoming.resume();
      refuse(outgoing, 404, "NOT_FOUND", `project ${project} not found`);
      return;
    }
    passOn(options.registryPort, incoming, outgoing);
  });
}

/** Who asks, or undefined for a wrong password or none. */
function userOf(password: string, incoming: IncomingMessage): string | undefined {
  const [, encoded = ""] = /^Basic (.+)$/.exec(incoming.headers.authorization ?? "") ?? [];
  const login = Buffer.from(encoded, "base64").toString("utf8");
  const [user = ""] = login.split(":");
  return user !== "" && login === `${user}:${password}` ? user : undefined;
}

function passOn(port: number, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const inner = request(
    {
      host: "127.0.0.1",
      port,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, "x-forwarded-proto": "https" },
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on("error", () => outgoing.destroy());
      answer.pipe(outgoing);
    },
  );
  inner.on("error", (error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else refuse(outgoing, 502, "BAD_GATEWAY", `the registry behind Harbor: ${error.message}`);
  });
  outgoing.on("close", () => {
    // Whoever pushed is gone: the registry must not wait for the rest.
    if (!outgoing.writableFinished) inner.destroy();
  });
  incoming.pipe(inner);
}
