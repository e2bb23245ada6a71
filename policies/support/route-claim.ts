/** Requests that a route wants for itself. */
export interface RouteClaim {
  /** Path of the claim in the object. */
  readonly path: string;
  /** Who serves it; routes that different ones serve do not meet. */
  readonly way: string;
  /** In lower case; `*` for any. */
  readonly host: string;
  /** `whole`: all that comes to the host. */
  readonly how: "whole" | "exact" | "prefix" | "pattern";
  /** Path of the request; "" for `whole`. */
  readonly at: string;
  /** Whether the one that serves goes through routes in no known order, so that paths must not begin each other. */
  readonly unordered?: boolean;
}

/** A host as claims have it. */
export function hostText(host: unknown): string {
  return typeof host === "string" && host !== "" ? host.toLowerCase() : "*";
}

/** Who serves a claim's host: only claims that are alike in this can meet. */
export function claimPlace({ way, host }: RouteClaim): string {
  return `${host} by ${way}`;
}

/** Whether some request is both claims'. */
export function meet(one: RouteClaim, other: RouteClaim): boolean {
  if (one.way !== other.way || one.host !== other.host) return false;
  if (one.how === "whole" || other.how === "whole") return true;
  if (one.how === other.how && one.at === other.at) return true;
  if (one.unordered !== true || one.how === "pattern" || other.how === "pattern") return false;
  return (
    (one.how === "prefix" && other.at.startsWith(one.at)) ||
    (other.how === "prefix" && one.at.startsWith(other.at))
  );
}
