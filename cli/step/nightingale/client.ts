import { setTimeout as sleep } from "node:timers/promises";
import { RunError } from "../../../site/run-error";
import type { Say } from "../../../ssh/session";
import { exitCodes } from "../../exit-codes";

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** Bound for one answer. */
const answerSeconds = 60;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** An answer with status 200: most calls give `dat` and `err`, those about datasources `data` and `error`. */
interface Reply {
  readonly dat?: unknown;
  readonly data?: unknown;
  readonly err?: string;
  readonly error?: string;
}

/**
 * Nightingale's API. It says 200 to most of what it refuses, and says why in `err`; to what it does not understand it
 * answers in plain text. `what` of its methods reads on from "does not".
 */
export class NightingaleClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token = "") {
    this.#url = url;
    this.#token = token;
  }

  /** Waits until it answers. @throws RunError when that takes longer. */
  async untilUp(say: Say, seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    for (let turn = 0; ; turn++) {
      let why: string;
      try {
        const { status, text } = await this.#ask("GET", "/ping");
        if (status === 200 && text === "pong") return;
        why = `it says ${status} ${text.slice(0, 60)}`;
      } catch (error) {
        why = causeOf(error);
      }
      if (Date.now() > deadline) throw fault(`answer after ${seconds} s`, why);
      if (turn === 0) say(`waiting for Nightingale: ${why}`);
      await sleep(turn < 10 ? 500 : 2000);
    }
  }

  /** A client that is logged in; undefined when user and password do not fit. */
  async loggedIn(username: string, password: string): Promise<NightingaleClient | undefined> {
    const answer = await this.#ask("POST", "/api/n9e/auth/login", { username, password });
    const { dat, err } = replyOf(answer) ?? {};
    if (answer.status === 200 && err !== "" && /password invalid/i.test(err ?? ""))
      return undefined;
    const token = (dat as { access_token?: string } | undefined)?.access_token;
    if (token === undefined) throw refused(`log ${username} in`, answer);
    return new NightingaleClient(this.#url, token);
  }

  /** What it answers. @throws RunError with its own words when it refuses. */
  async ask<T>(what: string, method: Method, path: string, body?: unknown): Promise<T> {
    const answer = await this.#ask(method, `/api/n9e${path}`, body);
    const reply = replyOf(answer);
    const fine = answer.status === 200 && reply !== undefined && (reply.err ?? reply.error) === "";
    if (!fine) throw refused(what, answer);
    return (reply.dat ?? reply.data) as T;
  }

  /** A list; it may answer with null in place of an empty one. */
  async list<T>(what: string, path: string): Promise<readonly T[]> {
    return (await this.ask<readonly T[] | null>(what, "GET", path)) ?? [];
  }

  async #ask(method: Method, path: string, body?: unknown): Promise<Answer> {
    try {
      const answer = await fetch(`${this.#url}${path}`, {
        method,
        headers: {
          // Its words in a language that they can be told apart in.
          "x-language": "en",
          ...(this.#token !== "" && { authorization: `Bearer ${this.#token}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(answerSeconds * 1000),
      });
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      throw fault(`answer ${method} ${path}`, causeOf(error));
    }
  }
}

/** Why a question got no answer, of whatever kind the error is. */
function causeOf(error: unknown): string {
  if (error instanceof RunError) return error.message.split("\n")[0] ?? "";
  const { cause, message } = error as { cause?: { message?: string; code?: string } } & Error;
  return cause?.message || cause?.code || message;
}

function replyOf({ text }: Answer): Reply | undefined {
  try {
    return JSON.parse(text) as Reply;
  } catch {
    return undefined;
  }
}

function refused(what: string, answer: Answer): RunError {
  const { err, error } = replyOf(answer) ?? {};
  const words = err || error || answer.text.trim();
  const said = `${answer.status === 200 ? "" : `${answer.status} `}${words.slice(0, 300)}`;
  return fault(what, said, "see in its pages what stands in the way");
}

const look = "look at kubectl -n nightingale get pods and the log of deployment/nightingale";

function fault(what: string, why: string, next = look): RunError {
  return new RunError(`Nightingale does not ${what}: ${why}`, {
    exitCode: exitCodes.remote,
    nextStep: `${next}, then run the same command again`,
  });
}
