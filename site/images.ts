import type { ImageUse } from "./blueprint-types";

/** The one place that knows how a public image is called in a site's own registry. */

/**
 * The same image in the site's registry: the registry's name changes, path, tag and digest stay, because
 * KubeKey pushes its images the same way and a path then tells where an image came from.
 */
export function siteImage(image: string, registryHost: string): string {
  return `${registryHost}/${image.slice(image.indexOf("/") + 1)}`;
}

/** Tag of an image reference; empty when it has none. */
export function imageTag(image: string): string {
  const [reference = ""] = image.split("@");
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  return name.includes(":") ? name.slice(name.indexOf(":") + 1) : "";
}

/** A tag as a label value: tags may be longer, and begin or end in what labels may not. */
export function versionLabel(tag: string): string {
  return tag
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 63)
    .replace(/[^A-Za-z0-9]+$/, "");
}

/** What wants an image. */
export interface ImageWish {
  readonly image: string;
  readonly neededBy: string;
}

/** Every image once, by its public reference, with all that need it. */
export function imageUses(wishes: readonly ImageWish[], registryHost: string): readonly ImageUse[] {
  const reasons = new Map<string, string[]>();
  for (const { image, neededBy } of wishes) {
    const known = reasons.get(image) ?? [];
    if (!known.includes(neededBy)) reasons.set(image, [...known, neededBy]);
  }
  return [...reasons]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([image, neededBy]) => ({
      image,
      siteImage: siteImage(image, registryHost),
      neededBy: neededBy.join(", "),
    }));
}

/** Different public images that would be one in the site's registry, as pairs. */
export function imageClashes(images: readonly string[]): readonly (readonly [string, string])[] {
  const seen = new Map<string, string>();
  return [...new Set(images)].flatMap((image) => {
    // Digests differ between what we pin and what KubeKey knows by tag; the name and tag are what clash.
    const [name = ""] = siteImage(image, "").split("@");
    const other = seen.get(name);
    seen.set(name, image);
    const same = other === undefined || withoutDigest(other) === withoutDigest(image);
    const sameDigest = other === undefined || digest(other) === digest(image);
    return other === undefined || (same && sameDigest) ? [] : [[other, image] as const];
  });
}

function withoutDigest(image: string): string {
  return image.split("@")[0] ?? "";
}

function digest(image: string): string {
  return image.split("@")[1] ?? "";
}
