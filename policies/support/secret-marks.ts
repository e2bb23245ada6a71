import { Secret } from "@pulumi/policy";

/**
 * Properties that Pulumi hands out to be mended hold marks where a value is secret, and proxies around all of them that
 * lists cannot be copied from. A rule is given plain properties, and what it makes of them gets its marks back.
 */

/** A copy without marks and proxies; what is not known yet stands in it as it is. */
export function withoutMarks(value: unknown): unknown {
  const own = bare(value);
  if (own instanceof Secret) return withoutMarks(own.value);
  if (Array.isArray(own)) return own.map(withoutMarks);
  if (!isPlain(own)) return own;
  return Object.fromEntries(Object.entries(own).map(([key, one]) => [key, withoutMarks(one)]));
}

/** What was made of properties, secret where they were. Of a list that has become another, all is. */
export function withMarks(before: unknown, after: unknown): unknown {
  const own = bare(before);
  if (own instanceof Secret) return new Secret(withMarks(own.value, after));
  if (Array.isArray(own)) {
    if (!Array.isArray(after)) return hasMarks(own) ? new Secret(after) : after;
    if (after.length !== own.length && hasMarks(own)) return new Secret(after);
    return after.map((one, at) => withMarks(own[at], one));
  }
  if (!isPlain(own)) return after;
  if (!isPlain(after)) return hasMarks(own) ? new Secret(after) : after;
  const entries = Object.entries(after).map(([key, one]) => [key, withMarks(own[key], one)]);
  return Object.fromEntries(entries);
}

function hasMarks(value: unknown): boolean {
  const own = bare(value);
  if (own instanceof Secret) return true;
  return typeof own === "object" && own !== null && Object.values(own).some(hasMarks);
}

interface MaybeProxy {
  readonly __isSpecialProxy?: boolean;
  readonly __getSpecialProxyTarget?: unknown;
}

/** A value without Pulumi's proxies around it; the names of the way to it are Pulumi's. */
function bare(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { __isSpecialProxy: isProxy, __getSpecialProxyTarget: target } = value as MaybeProxy;
  return isProxy === true ? bare(target) : value;
}

/** Whether it is an object of fields, and not one of Pulumi's own, such as an asset. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
