import { createHmac, timingSafeEqual } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { digestOf, type RobotRecord, type Store } from "./store";

/** Whoever asks. A token carries what it was given for, whoever asked for it. */
export type Caller =
  | { readonly kind: "nobody" }
  | { readonly kind: "wrong" }
  | { readonly kind: "admin" }
  | { readonly kind: "robot"; readonly robot: RobotRecord }
  | { readonly kind: "token"; readonly scopes: readonly Scope[] };

export interface Scope {
  readonly repository: string;
  readonly actions: readonly string[];
}

const TOKEN_SECONDS = 1800;

/** Knows callers by what they send along, as Harbor does. */
export class Access {
  private readonly store: Store;
  private readonly lockMs: number;
  private lockedUntilMs = 0;

  /** @param lockMs how long a wrong password shuts the administrator out; Harbor's own is 1500. */
  constructor(store: Store, lockMs = 1500) {
    this.store = store;
    this.lockMs = lockMs;
  }

  async caller(authorization: string | undefined): Promise<Caller> {
    if (authorization === undefined) return { kind: "nobody" };
    const [, scheme = "", value = ""] = /^(Basic|Bearer) (.+)$/.exec(authorization) ?? [];
    if (scheme === "Bearer") return this.bearer(value);
    const [, user = "", password = ""] =
      /^([^:]*):(.*)$/s.exec(Buffer.from(value, "base64").toString("utf8")) ?? [];
    const robot = this.store.robot(user);
    if (robot !== undefined) return robotLogsIn(robot, password);
    return user === "admin" ? this.administrator(password) : { kind: "wrong" };
  }

  /** A wrong password is answered late, and until then even the right one is refused. */
  private async administrator(password: string): Promise<Caller> {
    if (Date.now() < this.lockedUntilMs) return { kind: "wrong" };
    if (digestOf(password) === this.store.data.admin) return { kind: "admin" };
    this.lockedUntilMs = Date.now() + this.lockMs;
    await sleep(this.lockMs);
    return { kind: "wrong" };
  }

  /** A token for those of the scopes that the caller may use. */
  token(caller: Caller, wanted: readonly Scope[]): string {
    const scopes = wanted.map(({ repository, actions }) => ({
      repository,
      actions: actions.filter((action) => this.may(caller, action, repository)),
    }));
    const body = Buffer.from(
      JSON.stringify({ scopes, expires: Date.now() + TOKEN_SECONDS * 1000 }),
    ).toString("base64url");
    return `${body}.${this.sign(body)}`;
  }

  private bearer(token: string): Caller {
    const [body = "", signature = ""] = token.split(".");
    const wanted = Buffer.from(this.sign(body));
    const given = Buffer.from(signature);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return { kind: "wrong" };
    const { scopes, expires } = JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
    return Date.now() < expires ? { kind: "token", scopes } : { kind: "wrong" };
  }

  private sign(body: string): string {
    return createHmac("sha256", this.store.data.tokenKey).update(body).digest("base64url");
  }

  /** Whether a caller may pull, push or delete in a repository. */
  may(caller: Caller, action: string, repository: string): boolean {
    const name = repository.split("/")[0];
    const project = this.store.project(name);
    if (project === undefined) return false;
    if (caller.kind === "admin") return true;
    if (action === "pull" && project.metadata.public === "true" && caller.kind !== "wrong") {
      return true;
    }
    if (caller.kind === "token") {
      return caller.scopes.some(
        (scope) => scope.repository === repository && scope.actions.includes(action),
      );
    }
    return caller.kind === "robot" && robotMay(caller.robot, action, project.name);
  }
}

function robotLogsIn(robot: RobotRecord, password: string): Caller {
  const expired = robot.expiresAt !== -1 && robot.expiresAt * 1000 < Date.now();
  const wrong = robot.disable || expired || digestOf(password) !== robot.secret;
  return wrong ? { kind: "wrong" } : { kind: "robot", robot };
}

function robotMay(robot: RobotRecord, action: string, project: string): boolean {
  return robot.permissions.some(
    ({ kind, namespace, access }) =>
      kind === "project" &&
      (namespace === project || namespace === "*") &&
      access.some((one) => one.resource === "repository" && one.action === action),
  );
}
