import { InitFailure, ProviderFailure } from "../../protocol/failure";
import type { PropertyMap } from "../../protocol/values";
import { NotReady } from "../awaiters/wait";

/** The failure of a resource that exists all the same, so that the state keeps it. */
export function partial(
  message: string,
  cause: unknown,
  resource: { id: string; properties: PropertyMap; inputs?: PropertyMap },
): InitFailure {
  const text = `${message}: ${messageOf(cause)}`;
  const reasons = cause instanceof NotReady ? cause.reasons : [];
  return new InitFailure([text, ...reasons.map((reason) => `  - ${reason}`)].join("\n"), {
    ...resource,
    reasons: [text, ...reasons],
  });
}

/** Any failure with words before it. What is a user's matter stays without a stack trace. */
export function prefixed(message: string, cause: unknown): Error {
  if (cause instanceof ProviderFailure)
    return new ProviderFailure(`${message}: ${cause.message}`, cause.code);
  if (cause instanceof Error && cause.name === "AbortError")
    return new ProviderFailure(`${message}: cancelled`);
  return new Error(message, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
