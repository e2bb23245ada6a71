import type { IncomingMessage } from "node:http";
import { Refusal } from "./reply";
import type { PlainObject, Store } from "./store";

/** One question to the API, for whoever answers it. */
export interface ApiCall {
  readonly store: Store;
  /** What the brackets of the route's path matched. */
  readonly part: (at: number) => string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: PlainObject;
}

export interface ApiReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Method, path below /api/v2.0, and what answers. */
export type Route = readonly [
  method: string,
  path: RegExp,
  answer: (call: ApiCall) => ApiReply | Promise<ApiReply>,
];

const LARGEST_PAGE = 100;

/** One page of a list, as Harbor cuts it: ten entries unless more are asked for. */
export function page(call: ApiCall, entries: readonly unknown[]): ApiReply {
  const size = Number(call.query.get("page_size") ?? 10);
  const number = Number(call.query.get("page") ?? 1);
  if (!(size >= 0 && size <= LARGEST_PAGE) || !(number >= 1)) {
    throw new Refusal(400, `page_size should be at most ${LARGEST_PAGE}`);
  }
  return {
    status: 200,
    body: entries.slice((number - 1) * size, number * size),
    headers: { "x-total-count": String(entries.length) },
  };
}
