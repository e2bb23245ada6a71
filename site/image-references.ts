import type { ImageUse } from "./blueprint-types";

/** Finding and replacing image references in the objects of charts. */

type Plain = Record<string, unknown>;

/** Full references, with or without a digest, that are no part of something longer. */
const references =
  /(?<![\w./:-])[a-z0-9-]+\.[a-z0-9.-]+(?::\d+)?(?:\/[\w.-]+)+:[\w][\w.-]*(@sha256:[0-9a-f]{64})?(?![\w./:-])/g;

/** The proxy's injector puts the image in by itself. */
const injected = "auto";

/** A reference in full: Docker's own registry and its `library` are often left out. */
export function fullReference(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  if (rest.length === 0) return `docker.io/library/${first}`;
  if (!/[.:]/.test(first) && first !== "localhost") return `docker.io/${reference}`;
  return first === "docker.io" && rest.length === 1 ? `docker.io/library/${rest[0]}` : reference;
}

/**
 * A function that replaces every public image of the list by the site's, anywhere in a value. A text that is nothing
 * but a reference may leave Docker's registry out; within longer texts only full references are taken for images.
 */
export function rewriteImages(images: readonly ImageUse[]): <Value>(value: Value) => Value {
  const known = new Map(images.map(({ image, siteImage }) => [image, siteImage]));
  // One pattern for whatever looks like a reference, however many images are known.
  const within = (found: string, digest = "") => {
    const image = found.slice(0, found.length - digest.length);
    const tagged = () => known.get(fullReference(image));
    return known.get(fullReference(found)) ?? (tagged() ? `${tagged()}${digest}` : found);
  };
  const text = (value: string) =>
    known.get(fullReference(value)) ?? value.replace(references, within);
  const any = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(any);
    if (!isPlain(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, any(item)]));
  };
  return <Value>(value: Value) => any(value) as Value;
}

/** Images of the Pods that an object starts which are not in the site's registry. */
export function unknownImages(object: unknown, registryHost: string): readonly string[] {
  return podSpecs(object)
    .flatMap((spec) => [spec.initContainers, spec.containers].flatMap(listOf))
    .map((container) => container.image)
    .filter((image) => typeof image === "string")
    .filter((image) => image !== injected && !image.startsWith(`${registryHost}/`));
}

/** The Pod specs within an object: a Pod's own, a controller's template, a CronJob's. */
function podSpecs(object: unknown): readonly Plain[] {
  const at = (value: unknown, ...path: string[]) =>
    path.reduce<unknown>((inner, key) => (isPlain(inner) ? inner[key] : undefined), value);
  return [
    at(object, "spec", "jobTemplate", "spec", "template", "spec"),
    at(object, "spec", "template", "spec"),
    at(object, "spec"),
  ].filter((spec): spec is Plain => isPlain(spec) && Array.isArray(spec.containers));
}

function listOf(value: unknown): readonly Plain[] {
  return Array.isArray(value) ? value.filter(isPlain) : [];
}

/** Neither a list nor an object of a class, such as a value that is known only later. */
function isPlain(value: unknown): value is Plain {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
