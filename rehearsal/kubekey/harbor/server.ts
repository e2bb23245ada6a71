import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { Access, type Scope } from "./access";
import { answerApi } from "./api";
import { RegistryFront } from "./registry-front";
import { refuse, reply } from "./reply";
import type { Store } from "./store";

/** How a Harbor stand-in is set up. */
export interface HarborOptions {
  /** Files of the server's certificate and key. */
  readonly certificate: string;
  readonly key: string;
  /** Port of the real registry on this host's loopback. */
  readonly registryPort: number;
  /** What that registry lets `admin` in with; nobody else speaks to it. */
  readonly registryPassword: string;
  readonly store: Store;
  /** How long a wrong password shuts the administrator out. Default: as long as with Harbor. */
  readonly lockMs?: number;
}

/**
 * A front over a real registry that answers the part of Harbor's API that deliveries use, with its state, its errors
 * and its quirks, and lets only those pull and push who may.
 */
export function harborServer(options: HarborOptions): Server {
  const { store, lockMs } = options;
  const tls = { cert: readFileSync(options.certificate), key: readFileSync(options.key) };
  const access = new Access(store, lockMs);
  const login = Buffer.from(`admin:${options.registryPassword}`).toString("base64");
  const front = new RegistryFront(store, access, {
    port: options.registryPort,
    authorization: `Basic ${login}`,
  });
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const url = new URL(incoming.url ?? "/", "https://harbor");
    const caller = await access.caller(incoming.headers.authorization);
    if (url.pathname.startsWith("/api/v2.0/")) {
      return answerApi(store, caller, incoming, outgoing, url);
    }
    if (url.pathname === "/service/token") {
      const scopes = url.searchParams.getAll("scope").flatMap(scopeOf);
      const stranger = caller.kind === "wrong" || (caller.kind === "nobody" && scopes.length === 0);
      if (stranger) return refuse(outgoing, 401, "unauthorized");
      return reply(outgoing, 200, { token: access.token(caller, scopes), expires_in: 1800 });
    }
    return front.answer(caller, incoming, outgoing, url);
  };
  return createServer(tls, (incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent) outgoing.destroy();
      else refuse(outgoing, 500, String(error));
    });
  });
}

/** `repository:team/app:pull,push`, several of them with spaces between. */
function scopeOf(text: string): Scope[] {
  return text.split(" ").flatMap((one) => {
    const [, repository, actions] = /^repository:(.+):([a-z,*]+)$/.exec(one) ?? [];
    if (repository === undefined || actions === undefined) return [];
    const wanted = actions
      .split(",")
      .flatMap((action) => (action === "*" ? ["pull", "push", "delete"] : [action]));
    return [{ repository, actions: wanted }];
  });
}
