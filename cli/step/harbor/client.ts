import { setTimeout as sleep } from "node:timers/promises";
import { RunError } from "../../../site/run-error";
import type { Say } from "../../../ssh/session";
import { isPassing } from "../../../ssh/ssh-error";
import { exitCodes } from "../../exit-codes";
import type { ApiAnswer, ApiQuestion } from "../api-client";

/** Asks Harbor one thing with the login `user:password`; rejects when there is no answer at all. */
export type AskHarbor = (question: ApiQuestion, login: string) => Promise<ApiAnswer>;

type Method = ApiQuestion["method"];

/** Entries of a page of a list; the most that Harbor gives. */
const PAGE_SIZE = 100;

/** A list longer than this is no list of ours, or Harbor turns in circles. */
const MOST_PAGES = 1000;

const LOGS =
  "look at docker ps and the logs below /var/log/harbor on the registry host, then run the same command again";

/** Harbor's API as its administrator: what it refuses becomes an error that says what to do. */
export class HarborClient {
  private readonly askOnce: AskHarbor;
  private readonly login: string;

  constructor(ask: AskHarbor, password: string) {
    this.askOnce = ask;
    this.login = `admin:${password}`;
  }

  /** Any status; rejects only where Harbor gives no answer. */
  ask(method: Method, path: string, body?: unknown): Promise<ApiAnswer> {
    const question = { method, path: `/api/v2.0${path}`, ...(body !== undefined && { body }) };
    return answered(this.askOnce, question, this.login);
  }

  /** Asks as somebody else for a login, as container programs do before they pull. */
  logIn(user: string, password: string): Promise<ApiAnswer> {
    const path = "/service/token?service=harbor-registry";
    return answered(this.askOnce, { method: "GET", path }, `${user}:${password}`);
  }

  /**
   * The object that Harbor answers with; undefined for an empty answer, and for a status of `nothing`. `what` reads on
   * from "does not".
   */
  async get<T>(what: string, path: string, nothing?: number): Promise<T | undefined> {
    const answer = await this.ask("GET", path);
    if (answer.status === nothing) return undefined;
    if (answer.status !== 200) throw refused(what, answer);
    return parsed<T>(what, answer);
  }

  /** All entries of a list, page by page. */
  async list<T>(what: string, path: string): Promise<readonly T[]> {
    const all: T[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const separator = path.includes("?") ? "&" : "?";
      const entries = await this.get<T[] | null>(
        what,
        `${path}${separator}page=${page}&page_size=${PAGE_SIZE}`,
      );
      if (entries !== undefined && entries !== null && !Array.isArray(entries)) {
        throw garbage(what, JSON.stringify(entries));
      }
      all.push(...(entries ?? []));
      if ((entries ?? []).length < PAGE_SIZE) return all;
    }
    throw garbage(what, `more than ${MOST_PAGES} pages`);
  }

  /** Changes something; one of `accepted` is success, and is returned. */
  async change(
    what: string,
    method: Method,
    path: string,
    body?: unknown,
    accepted: readonly number[] = [200, 201],
  ): Promise<number> {
    const answer = await this.ask(method, path, body);
    if (!accepted.includes(answer.status)) throw refused(what, answer);
    return answer.status;
  }
}

async function answered(ask: AskHarbor, question: ApiQuestion, login: string): Promise<ApiAnswer> {
  try {
    return await ask(question, login);
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(
      `Harbor gives no answer to ${question.method} ${question.path}: ${(error as Error).message}`,
      { exitCode: exitCodes.remote, nextStep: LOGS },
    );
  }
}

/**
 * Waits until Harbor says of itself that it is healthy: right after its installation it is not.
 * @throws RunError that names the parts that are not, or that this is no Harbor
 */
export async function untilHealthy(ask: AskHarbor, say: Say, seconds: number): Promise<void> {
  const question = { method: "GET", path: "/api/v2.0/health" } as const;
  const deadline = Date.now() + seconds * 1000;
  for (let turn = 0; ; turn++) {
    const state = await health(ask, question);
    if (state === "healthy") return;
    if (Date.now() >= deadline) {
      throw new RunError(`Harbor is not healthy after ${seconds} s: ${state}`, {
        exitCode: exitCodes.remote,
        nextStep: LOGS,
      });
    }
    if (turn === 0) say(`waiting for Harbor: ${state}`);
    await sleep(Math.min(2000, seconds * 100));
  }
}

interface Health {
  readonly status?: string;
  readonly components?: readonly { readonly name: string; readonly status: string }[];
}

/** `healthy`, or why not. */
async function health(ask: AskHarbor, question: ApiQuestion): Promise<string> {
  let answer: ApiAnswer;
  try {
    answer = await ask(question, "");
  } catch (error) {
    if (error instanceof RunError && !isPassing(error)) throw error;
    return (error as Error).message;
  }
  if (answer.status === 404) {
    throw new RunError("the registry answers, but it is no Harbor", {
      exitCode: exitCodes.remote,
      nextStep: "see what listens on port 443 of the registry host; KubeKey installs Harbor there",
    });
  }
  if (answer.status !== 200) return `status ${answer.status}`;
  const { status, components = [] } = parsed<Health>("tell its health", answer) ?? {};
  if (status === "healthy") return status;
  const ill = components.filter((one) => one.status !== "healthy").map((one) => one.name);
  return ill.length > 0 ? `${ill.join(", ")} unhealthy` : String(status);
}

function parsed<T>(what: string, { body }: ApiAnswer): T | undefined {
  if (body.trim() === "") return undefined;
  try {
    return JSON.parse(body) as T;
  } catch {
    throw garbage(what, body);
  }
}

function garbage(what: string, body: string): RunError {
  return new RunError(`Harbor does not ${what}: it answers ${JSON.stringify(body.slice(0, 200))}`, {
    exitCode: exitCodes.remote,
    nextStep: "see whether something else answers on the registry host's port 443, such as a proxy",
  });
}

/** What a refusal means, and what to do next. */
export function refused(what: string, { status, body }: ApiAnswer): RunError {
  return new RunError(`Harbor does not ${what}: status ${status}${reason(body)}`, {
    exitCode: exitCodes.remote,
    nextStep: nextSteps[status] ?? LOGS,
  });
}

const nextSteps: Readonly<Record<number, string>> = {
  400: "correct the value that Harbor names in the site file",
  401: "check the registry's password in sitewright:secrets: it must be the one that Harbor has",
  403: "check that nobody took the administrator's rights away, or switched Harbor to read-only",
  404: "run the same command again: somebody else removed it meanwhile",
  409: "run the same command again: somebody else made it meanwhile",
  412: "see in Harbor's pages what is still in use or missing, then run the same command again",
};

/** Harbor's own words, where it gives any. */
function reason(body: string): string {
  try {
    const { errors } = JSON.parse(body) as { errors: readonly { readonly message: string }[] };
    return `: ${errors
      .map(({ message }) => message)
      .join("; ")
      .slice(0, 300)}`;
  } catch {
    return body.trim() === "" ? "" : `: ${body.trim().slice(0, 300)}`;
  }
}
