/**
 * Whether what the server has is what is wanted of it. It adds keys of its own, and answers with null where it was given
 * an empty list.
 */
export function asWanted(found: unknown, wanted: unknown): boolean {
  if (isEmpty(wanted)) return isEmpty(found);
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(found) &&
      found.length === wanted.length &&
      wanted.every((item, at) => asWanted(found[at], item))
    );
  }
  if (typeof wanted === "object" && wanted !== null) {
    return (
      typeof found === "object" &&
      found !== null &&
      Object.entries(wanted).every(([key, value]) =>
        asWanted((found as Record<string, unknown>)[key], value),
      )
    );
  }
  return found === wanted;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
